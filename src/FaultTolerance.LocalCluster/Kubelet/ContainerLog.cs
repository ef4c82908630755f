using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>
/// The log of one container instance, in the CRI format (<c>2026-01-02T03:04:05.1234567Z stdout F text</c>; P for a part of an
/// over-long line). Two files at most, each of a bounded size: what is older falls away. An offset counts from the
/// instance's first byte, so that a reader goes on where it was when the files turn over.
/// </summary>
/// <param name="path">The file; the older one is beside it with <c>.1</c>.</param>
/// <param name="maximumBytes">Size at which the file turns over.</param>
/// <param name="time">Stamps the lines.</param>
internal sealed class ContainerLog(string path, long maximumBytes, TimeProvider time) : IDisposable
{
    private const int LongestLine = 16 * 1024;

    private readonly Lock _lock = new();
    private SafeFileHandle _current = Open(path);
    private SafeFileHandle? _older;
    private long _currentStart;
    private long _olderStart;
    private long _end;
    private bool _complete;
    private bool _disposed;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the oldest kept byte is, and where the next will be.</summary>
    public (long Start, long End) Extent
    {
        get
        {
            lock (_lock)
            {
                return (_older is null ? _currentStart : _olderStart, _end);
            }
        }
    }

    /// <summary>Copies a stream into the log until it ends.</summary>
    /// <param name="source">A container's output.</param>
    /// <param name="name"><c>stdout</c> or <c>stderr</c>.</param>
    public async Task PumpAsync(Stream source, string name)
    {
        var buffer = new byte[LongestLine];
        var held = 0;
        var lines = new ArrayBufferWriter<byte>(LongestLine);
        await using (source)
        {
            for (int read; (read = await source.ReadAsync(buffer.AsMemory(held))) > 0;)
            {
                held += read;
                var stamp = Encoding.ASCII.GetBytes(
                    time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)
                        + " "
                        + name
                        + " "
                );
                var start = 0;
                for (int length; (length = buffer.AsSpan(start, held - start).IndexOf((byte)'\n')) >= 0; start += length + 1)
                {
                    AddLine(lines, stamp, 'F', buffer.AsSpan(start, length));
                }

                held -= start;
                buffer.AsSpan(start, held).CopyTo(buffer);
                if (held == buffer.Length)
                {
                    AddLine(lines, stamp, 'P', buffer);
                    held = 0;
                }

                Append(lines.WrittenSpan);
                lines.ResetWrittenCount();
            }
        }

        if (held > 0)
        {
            var stamp = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
            AddLine(lines, Encoding.ASCII.GetBytes($"{stamp} {name} "), 'P', buffer.AsSpan(0, held));
            Append(lines.WrittenSpan);
        }
    }

    /// <summary>Says that nothing more comes; readers that follow come to their end.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
            _changed.TrySetResult();
        }
    }

    /// <summary>Reads from an offset; what has fallen away is skipped.</summary>
    /// <returns>The offset that was read from, and how much; 0 at the end.</returns>
    public (long Offset, int Count) Read(long offset, Span<byte> buffer)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return (offset, 0);
            }

            offset = Math.Max(offset, _older is null ? _currentStart : _olderStart);
            return offset < _currentStart
                ? (offset, RandomAccess.Read(_older!, buffer[..(int)Math.Min(buffer.Length, _currentStart - offset)], offset - _olderStart))
                : (offset, RandomAccess.Read(_current, buffer, offset - _currentStart));
        }
    }

    /// <summary>Waits for bytes beyond the offset. False: there will be none.</summary>
    public async Task<bool> WaitAsync(long offset, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_end > offset && !_disposed)
                {
                    return true;
                }

                if (_complete)
                {
                    return false;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _complete = true;
            _disposed = true;
            _current.Dispose();
            _older?.Dispose();
            _changed.TrySetResult();
        }
    }

    private static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private static void AddLine(ArrayBufferWriter<byte> lines, ReadOnlySpan<byte> stamp, char tag, ReadOnlySpan<byte> text)
    {
        lines.Write(stamp);
        lines.Write([(byte)tag, (byte)' ']);
        lines.Write(text);
        lines.Write("\n"u8);
    }

    private void Append(ReadOnlySpan<byte> lines)
    {
        lock (_lock)
        {
            if (_disposed || lines.IsEmpty)
            {
                return;
            }

            if (_end - _currentStart + lines.Length > maximumBytes && _end > _currentStart)
            {
                TurnOver();
            }

            RandomAccess.Write(_current, lines, _end - _currentStart);
            _end += lines.Length;
            var changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.TrySetResult();
        }
    }

    private void TurnOver()
    {
        _older?.Dispose();
        _older = _current;
        _olderStart = _currentStart;
        File.Move(path, path + ".1", overwrite: true);
        _current = Open(path);
        _currentStart = _end;
    }
}

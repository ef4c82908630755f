using System.Text.Json;

namespace FaultTolerance.Load.Workers;

/// <summary>Lines of JSON on a stream, and bytes between them.</summary>
/// <param name="stream">The stream; the caller's.</param>
/// <param name="longest">The longest line taken, bytes.</param>
internal sealed class WorkerLines(Stream stream, int longest)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Writes a message as a line.</summary>
    public static async Task WriteAsync<T>(Stream to, T message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(to);
        var json = JsonSerializer.SerializeToUtf8Bytes(message, WorkerForm.Json);
        var line = new byte[json.Length + 1];
        json.CopyTo(line, 0);
        line[^1] = (byte)'\n';
        await to.WriteAsync(line, cancellation).ConfigureAwait(false);
    }

    /// <summary>The next line, without its end, until the next read; null where the stream ends.</summary>
    /// <exception cref="IOException">The line is too long, or ends with the stream.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        var seen = 0;
        while (true)
        {
            if (_buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n') is var at && at >= 0)
            {
                var line = _buffer.AsMemory(_start, seen + at);
                _start += seen + at + 1;
                return line;
            }

            seen = _end - _start;
            if (seen > longest)
            {
                throw new IOException($"a line of more than {longest} bytes");
            }

            if (!await FillAsync(cancellation).ConfigureAwait(false))
            {
                return seen == 0 ? null : throw new IOException("the stream ended within a line");
            }
        }
    }

    /// <summary>The next so many bytes.</summary>
    /// <exception cref="IOException">The stream ends before.</exception>
    public async Task<byte[]> ReadAsync(int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        var known = Math.Min(count, _end - _start);
        _buffer.AsSpan(_start, known).CopyTo(bytes);
        _start += known;
        await stream.ReadExactlyAsync(bytes.AsMemory(known), cancellation).ConfigureAwait(false);
        return bytes;
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }
}

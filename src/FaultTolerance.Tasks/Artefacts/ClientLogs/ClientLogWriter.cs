using FaultTolerance.Runs;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>
/// The log of one client. Lines gather in memory and are written in batches by its owner, the load; a line is on its way to
/// the file within 50 ms, so a crash of this process loses no more than that.
/// </summary>
internal sealed class ClientLogWriter(string path, RunClock clock) : IDisposable
{
    // Above this the recording thread writes itself: a slow disk then slows the recorder, in the open, and memory stays bounded.
    private const int MostPending = 4 * 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly Lock _file = new();
    private ByteBuffer _pending = new();
    private ByteBuffer _writing = new();
    private SafeFileHandle? _handle;
    private long _written;

    /// <summary>Lines recorded.</summary>
    public long Lines { get; private set; }

    /// <summary>Opens the file, empty. Errors of the file system come out as they are.</summary>
    public void Open()
    {
        _handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete);
        if (!OperatingSystem.IsWindows() && ResultAccess.FileMode(path) is { } mode)
        {
            File.SetUnixFileMode(_handle, mode);
        }
    }

    /// <summary>Records a request.</summary>
    public void Append(RequestRecord request)
    {
        bool full;
        lock (_gate)
        {
            RequestLine.Write(_pending, request, clock);
            Lines++;
            full = _pending.Length > MostPending;
        }

        if (full)
        {
            Flush();
        }
    }

    /// <summary>Writes what is pending. After an error the file ends with a whole line.</summary>
    public void Flush()
    {
        lock (_file)
        {
            lock (_gate)
            {
                if (_pending.Length == 0)
                {
                    return;
                }

                (_pending, _writing) = (_writing, _pending);
            }

            try
            {
                RandomAccess.Write(_handle!, _writing.Written, _written);
                _written += _writing.Length;
            }
            catch (IOException)
            {
                Cut();
                throw;
            }
            finally
            {
                _writing.Clear(MostPending);
            }
        }
    }

    private void Cut()
    {
        try
        {
            RandomAccess.SetLength(_handle!, _written);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or UnauthorizedAccessException)
        {
            // The error that led here is the one to report; a reader skips a last line that is not whole.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();
}

using System.Text;

namespace FaultTolerance.StandIn.Wire;

/// <summary>Whole lines onto a stream, from many tasks at once.</summary>
/// <param name="stream">Takes them.</param>
/// <param name="inPlace">
/// Whether a write is made on the caller's thread: for a pipe, of which an asynchronous write is no more than this on another thread.
/// </param>
internal sealed class LineWriter(Stream stream, bool inPlace = false) : IDisposable
{
    // Never disposed: it holds nothing but memory, and a write may still be at it when the connection ends.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile bool _closed;

    /// <summary>Writes the line; throws <see cref="IOException"/> where the other end is gone.</summary>
    public async ValueTask WriteAsync(string line, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        await _turn.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (inPlace)
            {
                WriteInPlace(bytes);
                return;
            }

            // Not cancellable once begun: half a line would spoil the connection for everyone else on it.
            await stream.WriteAsync(bytes, CancellationToken.None);
            await stream.FlushAsync(CancellationToken.None);
        }
        catch (ObjectDisposedException gone)
        {
            throw new IOException("the connection is closed", gone);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>From now on every write fails as on a broken connection.</summary>
    public void Dispose() => _closed = true;

    private void WriteInPlace(byte[] bytes)
    {
        stream.Write(bytes);
        stream.Flush();
    }
}

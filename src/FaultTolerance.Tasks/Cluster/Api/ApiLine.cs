using System.Collections.Concurrent;
using System.Net.Sockets;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// The connections of this process to one API server. They can be cut, as a network cuts them that is gone: those that are open break,
/// watches and channels too, and no new one is made until they are mended.
/// </summary>
internal sealed class ApiLine
{
    private readonly ConcurrentDictionary<NetworkStream, bool> _open = new();
    private volatile bool _cut;

    /// <summary>Breaks every connection, and refuses new ones.</summary>
    /// <returns>How many were broken.</returns>
    public int Cut()
    {
        _cut = true;
        var broken = 0;
        foreach (var stream in _open.Keys)
        {
            broken += Break(stream) ? 1 : 0;
        }

        return broken;
    }

    /// <summary>Lets connections be made again; does no harm where they are not cut.</summary>
    public void Mend() => _cut = false;

    /// <summary>Connects, for the handler of HTTP requests.</summary>
    /// <exception cref="IOException">The line is cut.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        Demand();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            Forget();
            var stream = new NetworkStream(socket, ownsSocket: true);
            _open[stream] = true;
            if (_cut)
            {
                Break(stream);
            }

            Demand();
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Demand()
    {
        if (_cut)
        {
            throw new IOException("the connection to the API server is cut by a fault of this run");
        }
    }

    private void Forget()
    {
        foreach (var ended in _open.Keys.Where(stream => !stream.Socket.Connected))
        {
            _open.TryRemove(ended, out _);
        }
    }

    private bool Break(NetworkStream stream)
    {
        if (!_open.TryRemove(stream, out _) || !stream.Socket.Connected)
        {
            return false;
        }

        stream.Socket.Dispose();
        return true;
    }
}

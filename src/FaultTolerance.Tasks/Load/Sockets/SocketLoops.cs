using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.Load.Sockets;

/// <summary>
/// The direct connections of a load, over as many loops as half of the processors can run: the other half has the service, where it is
/// on the same machine. Where there is no epoll, they are .NET's own.
/// </summary>
internal sealed class SocketLoops : IDisposable
{
    private const int MostLoops = 8;
    private readonly Lock _gate = new();
    private SocketLoop[] _loops = [];
    private int _next;
    private bool _disposed;

    /// <summary>
    /// Connects to a host's first address that answers. Throws <see cref="SocketException"/> when the name is unknown or no address
    /// answers, for the last of them.
    /// </summary>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            return await PlainAsync(host, port, cancellation).ConfigureAwait(false);
        }

        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        for (var i = 0; ; i++)
        {
            try
            {
                return await Next().ConnectAsync(new IPEndPoint(addresses[i], port), cancellation).ConfigureAwait(false);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                // The host has another address.
            }
        }
    }

    /// <summary>The same over .NET's own sockets.</summary>
    public static async ValueTask<Stream> PlainAsync(string host, int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Ends all connections that are still open.</summary>
    public void Dispose()
    {
        SocketLoop[] loops;
        lock (_gate)
        {
            _disposed = true;
            (loops, _loops) = (_loops, []);
        }

        foreach (var loop in loops)
        {
            loop.Dispose();
        }
    }

    private SocketLoop Next()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_loops.Length == 0)
            {
                _loops = [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount / 2, 1, MostLoops)).Select(_ => new SocketLoop())];
            }

            return _loops[(_next++ & int.MaxValue) % _loops.Length];
        }
    }
}

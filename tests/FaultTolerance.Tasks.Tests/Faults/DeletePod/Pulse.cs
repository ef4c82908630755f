using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.Tests.Faults.DeletePod;

/// <summary>
/// How fast this machine's sockets are now. A test whose time is made but whose sockets are real lets its time go on no faster than they
/// do: a connection comes about, and a byte goes there and back, between any two steps.
/// </summary>
internal sealed class Pulse : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Pulse() => _listener.Start();

    /// <summary>Waits for one round.</summary>
    public async Task BeatAsync(CancellationToken cancellation)
    {
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var accepting = _listener.AcceptSocketAsync(cancellation);
        await client.ConnectAsync(_listener.LocalEndpoint, cancellation);
        using var server = await accepting;
        var one = new byte[1];
        await client.SendAsync(one, cancellation);
        await server.ReceiveAsync(one, cancellation);
        await server.SendAsync(one, cancellation);
        await client.ReceiveAsync(one, cancellation);
    }

    public void Dispose() => _listener.Dispose();
}

using System.Net.Sockets;
using FaultTolerance.Load;
using FaultTolerance.Load.Sockets;

namespace FaultTolerance.Benchmarks;

/// <summary>Plain TCP to a loopback port, over the sockets of <c>--transport service</c>, or over .NET's own to compare with.</summary>
internal sealed class SocketTransport(int port, bool plain = false) : IFrontendTransport
{
    private readonly SocketLoops _sockets = new();

    public IReadOnlyList<FrontendEndpoint> Ready { get; } = [new("frontend", "1", new Uri($"http://127.0.0.1:{port}"))];

    public async ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        if (!plain)
        {
            return await _sockets.ConnectAsync("127.0.0.1", port, cancellation);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public ValueTask DisposeAsync()
    {
        _sockets.Dispose();
        return ValueTask.CompletedTask;
    }
}

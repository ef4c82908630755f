using System.Net;
using System.Net.Sockets;
using FaultTolerance.Load;

namespace FaultTolerance.Benchmarks;

/// <summary>Plain TCP to a loopback port.</summary>
internal sealed class SocketTransport(int port) : IFrontendTransport
{
    public IReadOnlyList<FrontendEndpoint> Ready { get; } = [new("frontend", "1", new Uri($"http://127.0.0.1:{port}"))];

    public async ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

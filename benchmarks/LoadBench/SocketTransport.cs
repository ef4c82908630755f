using FaultTolerance.Load;
using FaultTolerance.Load.Sockets;

namespace FaultTolerance.Benchmarks;

/// <summary>Plain TCP to a loopback port, over the sockets of <c>--transport service</c>, or over .NET's own to compare with.</summary>
internal sealed class SocketTransport(int port, bool plain = false) : IFrontendTransport
{
    private readonly SocketLoops _sockets = new();

    public IReadOnlyList<FrontendEndpoint> Ready { get; } = [new("frontend", "1", new Uri($"http://127.0.0.1:{port}"))];

    public ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation) =>
        plain ? SocketLoops.PlainAsync("127.0.0.1", port, cancellation) : _sockets.ConnectAsync("127.0.0.1", port, cancellation);

    public ValueTask DisposeAsync()
    {
        _sockets.Dispose();
        return ValueTask.CompletedTask;
    }
}

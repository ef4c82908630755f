using FaultTolerance.Load.Sockets;

namespace FaultTolerance.Load.Workers;

/// <summary>The frontends that the runner names, reached at their own addresses: a worker asks no cluster.</summary>
internal sealed class GivenFrontends : IFrontendTransport
{
    private readonly PodSockets _sockets = new();
    private volatile IReadOnlyList<FrontendEndpoint> _ready = [];

    /// <inheritdoc/>
    public IReadOnlyList<FrontendEndpoint> Ready => _ready;

    /// <summary>Takes those that are ready now.</summary>
    public void Take(IReadOnlyList<WorkerFrontend> frontends)
    {
        ArgumentNullException.ThrowIfNull(frontends);
        var known = _ready;
        if (!known.Select(WorkerFrontend.Of).SequenceEqual(frontends))
        {
            _ready = [.. frontends.Select(one => new FrontendEndpoint(one.Pod, one.Uid, new Uri(one.Url)))];
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation) =>
        _sockets.ConnectAsync(endpoint, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sockets.Dispose();
        return ValueTask.CompletedTask;
    }
}

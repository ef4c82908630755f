using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;
using FaultTolerance.Load.Sockets;

namespace FaultTolerance.Graphs.Transport;

/// <summary>Reaches frontends at their pods' addresses, for runs inside the cluster's network (<c>--transport service</c>).</summary>
internal sealed class ServiceTransport : IFrontendTransport
{
    private readonly PodSockets _sockets = new();
    private readonly FrontendPods _frontends;

    /// <summary>Takes the ready frontends from <paramref name="watch"/>, which it does not own.</summary>
    public ServiceTransport(GraphWatch watch) => _frontends = FrontendsOf(watch);

    /// <inheritdoc/>
    public IReadOnlyList<FrontendEndpoint> Ready => _frontends.Ready;

    /// <summary>The ready frontends of a watch by their pods' addresses.</summary>
    public static FrontendPods FrontendsOf(GraphWatch watch) =>
        new(watch, static pod => new UriBuilder("http", pod.Object.Status?.PodIP ?? pod.Name, pod.HttpPort).Uri);

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

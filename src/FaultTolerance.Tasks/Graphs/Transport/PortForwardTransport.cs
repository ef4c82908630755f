using System.Net;
using FaultTolerance.Artefacts;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;

namespace FaultTolerance.Graphs.Transport;

/// <summary>Reaches frontends through the API server: one port-forward WebSocket per connection, no local port, no listener.</summary>
internal sealed class PortForwardTransport : IFrontendTransport
{
    private static readonly string[] Protocols = ["v4.channel.k8s.io"];
    private readonly ClusterSession _session;
    private readonly FrontendPods _frontends;

    /// <summary>Takes the ready frontends from <paramref name="watch"/>, which it does not own.</summary>
    public PortForwardTransport(ClusterSession session, GraphWatch watch)
    {
        _session = session;
        _frontends = new FrontendPods(watch, static pod => new Uri($"http://{pod.Name}:{pod.HttpPort}/"));
    }

    /// <inheritdoc/>
    public bool IsTunnel => true;

    /// <inheritdoc/>
    public IReadOnlyList<FrontendEndpoint> Ready => _frontends.Ready;

    /// <inheritdoc/>
    public async ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        try
        {
            return await ConnectAsync(_session, endpoint.Pod, endpoint.BaseAddress.Port, cancellation);
        }
        catch (TransportException e) when (e.InnerException is ClusterException { Status: HttpStatusCode.NotFound })
        {
            _frontends.Doubt();
            throw;
        }
    }

    /// <summary>
    /// Opens a connection to any port of any pod, as <see cref="ConnectAsync(FrontendEndpoint, CancellationToken)"/> does.
    /// </summary>
    public static async ValueTask<Stream> ConnectAsync(ClusterSession session, string pod, int port, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var call = session.Call("create", "pods/portforward", pod);
        try
        {
            var socket = await session.Api.ConnectAsync(
                call, $"{ResourceType.Pods.Path(session.Namespace, pod, "portforward")}?ports={port}", Protocols, cancellation);
            return new PortForwardStream(socket, $"{pod}:{port}");
        }
        catch (ClusterException e)
        {
            throw new TransportException(IsPod(e) ? Outcome.Refused : Outcome.Transport, e.Message, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // The pod is gone, or the kubelet says that it does not run: the product's doing. Anything else is between us and the API.
    private static bool IsPod(ClusterException e) =>
        e.Status is HttpStatusCode.NotFound
        || (e.Status is HttpStatusCode.BadRequest or HttpStatusCode.InternalServerError or HttpStatusCode.Conflict
            && (e.ServerMessage.Contains("not running", StringComparison.OrdinalIgnoreCase)
                || e.ServerMessage.Contains("does not have a host assigned", StringComparison.OrdinalIgnoreCase)
                || e.ServerMessage.Contains("current phase is", StringComparison.OrdinalIgnoreCase)
                || e.ServerMessage.Contains("pod not found", StringComparison.OrdinalIgnoreCase)
                || e.ServerMessage.Contains("connection refused", StringComparison.OrdinalIgnoreCase)));
}

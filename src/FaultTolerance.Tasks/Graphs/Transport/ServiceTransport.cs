using System.Net.Sockets;
using FaultTolerance.Artefacts;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;
using FaultTolerance.Load.Sockets;

namespace FaultTolerance.Graphs.Transport;

/// <summary>Reaches frontends at their pods' addresses, for runs inside the cluster's network (<c>--transport service</c>).</summary>
internal sealed class ServiceTransport : IFrontendTransport
{
    private readonly SocketLoops _sockets = new();
    private readonly FrontendPods _frontends;

    /// <summary>Takes the ready frontends from <paramref name="watch"/>, which it does not own.</summary>
    public ServiceTransport(GraphWatch watch) =>
        _frontends = new FrontendPods(watch, static pod => new UriBuilder("http", pod.Object.Status?.PodIP ?? pod.Name, pod.HttpPort).Uri);

    /// <inheritdoc/>
    public IReadOnlyList<FrontendEndpoint> Ready => _frontends.Ready;

    /// <inheritdoc/>
    public async ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        try
        {
            return await _sockets
                .ConnectAsync(endpoint.BaseAddress.DnsSafeHost, endpoint.BaseAddress.Port, cancellation)
                .ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new TransportException(
                OutcomeOf(e.SocketErrorCode),
                $"{endpoint.Pod} at {endpoint.BaseAddress.Authority}: {e.Message}",
                e
            );
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sockets.Dispose();
        return ValueTask.CompletedTask;
    }

    // A pod that is gone takes its address with it: no route then means the same as nobody listening.
    private static Outcome OutcomeOf(SocketError error) =>
        error switch
        {
            SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.HostDown or SocketError.ConnectionReset =>
                Outcome.Refused,
            SocketError.TimedOut => Outcome.ConnectTimeout,
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => Outcome.Dns,
            _ => Outcome.Transport,
        };
}

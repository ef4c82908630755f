using System.Net;
using FaultTolerance.Artefacts;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Graphs.Transport;
using FaultTolerance.Load;

namespace FaultTolerance.Collection;

/// <summary>Reads pods' <c>/metrics</c> through the API server, one kept connection a pod.</summary>
/// <param name="session">The cluster.</param>
internal sealed class PodMetricsClient(ClusterSession session) : IDisposable
{
    // The largest known, of an engine with all its histograms, is a few hundred KB.
    private const int Largest = 32 * 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = (context, cancellation) => PortForwardTransport.ConnectAsync(session, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation),
    })
    { MaxResponseContentBufferSize = Largest, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The answer's text, at most 32 MB.</summary>
    /// <exception cref="TransportException">The answer is not 200.</exception>
    /// <exception cref="NoMetricsException">There is no such page.</exception>
    /// <exception cref="HttpRequestException">No answer, or one that is too large.</exception>
    public async Task<string> AskAsync(GraphPod pod, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pod);
        using var response = await _http.GetAsync(new Uri($"http://{pod.Name}:{pod.MetricsPort}/metrics"), cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await response.Content.ReadAsStringAsync(cancellation),
            HttpStatusCode.NotFound => throw new NoMetricsException($"port {pod.MetricsPort} has no /metrics (404)"),
            var other => throw new TransportException(Outcome.ServerError, $"/metrics on port {pod.MetricsPort} answers {(int)other}"),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}

/// <summary>A pod that has no <c>/metrics</c>: the next time will be no other.</summary>
/// <param name="message">Which port was asked.</param>
internal sealed class NoMetricsException(string message) : IOException(message);

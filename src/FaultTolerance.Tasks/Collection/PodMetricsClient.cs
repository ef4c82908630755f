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
    /// <summary>Bytes of an answer that are taken; a longer one is refused.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = (context, cancellation) => PortForwardTransport.ConnectAsync(session, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation),
    })
    { MaxResponseContentBufferSize = MostBytes };

    /// <summary>The answer's text.</summary>
    /// <exception cref="TransportException">The answer is not 200.</exception>
    public async Task<string> AskAsync(GraphPod pod, CancellationToken cancellation)
    {
        using var response = await GetAsync(pod, cancellation);
        return response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadAsStringAsync(cancellation)
            : throw new TransportException(Outcome.ServerError, $"/metrics on port {pod.MetricsPort} answers {(int)response.StatusCode}");
    }

    private async Task<HttpResponseMessage> GetAsync(GraphPod pod, CancellationToken cancellation)
    {
        try
        {
            return await _http.GetAsync(Address(pod), cancellation);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new TransportException(Outcome.Malformed, $"/metrics on port {pod.MetricsPort} answers more than {MostBytes >> 20} MiB", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Uri Address(GraphPod pod) => new($"http://{pod.Name}:{pod.MetricsPort}/metrics");
}

using System.Net;
using FaultTolerance.Artefacts;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Graphs.Transport;
using FaultTolerance.Load;

namespace FaultTolerance.Collection;

/// <summary>Reads pods' <c>/metrics</c> and <c>/health</c> through the API server, one kept connection a pod.</summary>
/// <param name="session">The cluster.</param>
internal sealed class PodMetricsClient(ClusterSession session) : IDisposable
{
    /// <summary>Bytes of an answer that are taken; a longer one is refused.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = (context, cancellation) =>
            PortForwardTransport.ConnectAsync(session, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation),
    })
    { MaxResponseContentBufferSize = MostBytes, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The answer's text.</summary>
    /// <exception cref="TransportException">The answer is not 200, or too long.</exception>
    /// <exception cref="NoMetricsException">There is no such page.</exception>
    public async Task<string> AskAsync(GraphPod pod, CancellationToken cancellation)
    {
        using var response = await GetAsync(pod, HttpCompletionOption.ResponseContentRead, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>The answer, its body yet to be read within <see cref="MostBytes"/>; the caller disposes it.</summary>
    /// <exception cref="TransportException">The answer is not 200.</exception>
    /// <exception cref="NoMetricsException">There is no such page.</exception>
    public Task<HttpResponseMessage> OpenAsync(GraphPod pod, CancellationToken cancellation) =>
        GetAsync(pod, HttpCompletionOption.ResponseHeadersRead, cancellation);

    /// <summary>The status of the pod's <c>/health</c>, at the port of its metrics.</summary>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public async Task<int> HealthAsync(GraphPod pod, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var address = new Uri($"http://{pod.Name}:{pod.MetricsPort}/health");
        using var response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return (int)response.StatusCode;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> GetAsync(GraphPod pod, HttpCompletionOption until, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.GetAsync(new Uri($"http://{pod.Name}:{pod.MetricsPort}/metrics"), until, cancellation);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new TransportException(
                Outcome.Malformed,
                $"/metrics on port {pod.MetricsPort} answers more than {MostBytes >> 20} MiB",
                e
            );
        }

        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            throw response.StatusCode == HttpStatusCode.NotFound
                ? new NoMetricsException($"port {pod.MetricsPort} has no /metrics (404)")
                : new TransportException(Outcome.ServerError, $"/metrics on port {pod.MetricsPort} answers {(int)response.StatusCode}");
        }
    }
}

/// <summary>A pod that has no <c>/metrics</c>: the next time will be no other.</summary>
/// <param name="message">Which port was asked.</param>
internal sealed class NoMetricsException(string message) : IOException(message);

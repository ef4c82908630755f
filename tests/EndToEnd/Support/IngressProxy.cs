using System.Net;
using System.Net.Sockets;

namespace EndToEnd;

/// <summary>
/// What an ingress is to a client: one address on loopback that leads to a graph's frontends, whichever is ready; without one it answers 503.
/// It asks the cluster for them itself, as a stranger.
/// </summary>
internal sealed class IngressProxy : LoopbackProxy
{
    private const int FrontendPort = 8000;
    private readonly ClusterApi _api;

    private IngressProxy(ClusterApi api)
    {
        _api = api;
        Listen();
    }

    /// <summary>The address, without a slash at its end.</summary>
    public string Url => Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Starts one before a cluster's frontends.</summary>
    public static IngressProxy Start(ClusterApi api) => new(api);

    /// <inheritdoc/>
    protected override async Task ServeAsync(NetworkStream near, CancellationToken cancellation)
    {
        if (await FrontendAsync() is not { } address)
        {
            await near.WriteAsync(
                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
            return;
        }

        using var server = new TcpClient();
        await server.ConnectAsync(address, FrontendPort, cancellation);
        await CarryAsync(near, server.GetStream(), cancellation);
    }

    private async Task<IPAddress?> FrontendAsync()
    {
        var pods = await _api.SendAsync(HttpMethod.Get, $"api/v1/namespaces/{ClusterApi.Namespace}/pods");
        return pods["items"]!.AsArray()
            .Where(pod => ((string)pod!["metadata"]!["name"]!).Contains("frontend", StringComparison.Ordinal)
                && pod["metadata"]!["deletionTimestamp"] is null
                && pod["status"]?["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True") == true)
            .Select(pod => (string?)pod!["status"]!["podIP"])
            .OfType<string>()
            .Select(IPAddress.Parse)
            .FirstOrDefault();
    }
}

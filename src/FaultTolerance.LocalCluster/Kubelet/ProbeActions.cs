using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>Asks a container once: by HTTP, by a TCP connection, or by a command.</summary>
/// <param name="listeners">Tells a pod's own answer from another's.</param>
internal sealed class ProbeActions(PodListeners listeners) : IDisposable
{
    // Kubernetes' probes do not check certificates: a pod's own certificate says nothing about its health.
#pragma warning disable MA0039, CA5359 // for the reason above
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero, // a probe is about a new connection, as the kubelet's is
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
#pragma warning restore MA0039, CA5359

    /// <summary>Asks once.</summary>
    /// <param name="probe">The probe, or a lifecycle handler: they have the same actions.</param>
    /// <param name="container">The container's spec, for the names of ports.</param>
    /// <param name="podIp">The pod's address.</param>
    /// <param name="exec">Runs a command in the container: exit code and what it printed.</param>
    /// <param name="cancellation">The time-out.</param>
    public async Task<ProbeAnswer> AskAsync(
        JsonObject probe, JsonObject container, string podIp,
        Func<IReadOnlyList<string>, CancellationToken, Task<(int Code, string Output)>> exec, CancellationToken cancellation)
    {
        if (probe["httpGet"] is JsonObject http)
        {
            return await GetAsync(http, container, podIp, cancellation);
        }

        if (probe["tcpSocket"] is JsonObject tcp)
        {
            return await ConnectAsync(tcp, container, podIp, cancellation);
        }

        if (probe["exec"] is JsonObject command)
        {
            var (code, output) = await exec(command.Texts("command"), cancellation);
            return new ProbeAnswer(code == 0, output.Trim() is { Length: > 0 } text ? text : $"command ended with code {code}");
        }

        return new ProbeAnswer(false, "only httpGet, tcpSocket and exec are supported by the local cluster");
    }

    /// <summary>A port by number or by the name that the container gives it.</summary>
    public static int? Port(JsonNode? port, JsonObject container) =>
        (int?)(port.Number() ?? container.Maps("ports").FirstOrDefault(p => p.Text("name") == port.Text())?.Number("containerPort"));

    public void Dispose() => _http.Dispose();

    private async Task<ProbeAnswer> GetAsync(JsonObject http, JsonObject container, string podIp, CancellationToken cancellation)
    {
        if (Port(http["port"], container) is not { } port)
        {
            return new ProbeAnswer(false, $"the container has no port named {http.Text("port")}");
        }

        var scheme = string.Equals(http.Text("scheme"), "HTTPS", StringComparison.OrdinalIgnoreCase) ? "https" : "http";
        var path = http.Text("path") is { Length: > 0 } p ? p : "/";
        var address = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{http.Text("host") ?? podIp}:{port}/{path.TrimStart('/')}");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.ParseAdd("kube-probe/1.32");
            request.Headers.ConnectionClose = true;
            foreach (var header in http.Maps("httpHeaders"))
            {
                var name = header.Text("name") ?? "";
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, header.Text("value"));
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var code = (int)response.StatusCode;
            if (http.Text("host") is null && listeners.Foreign(podIp, port) is { } foreign)
            {
                return new ProbeAnswer(false, foreign);
            }

            return new ProbeAnswer(code is >= 200 and < 400, $"HTTP probe failed with statuscode: {code}");
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException or FormatException)
        {
            return new ProbeAnswer(false, $"Get \"{address}\": {e.Message}");
        }
    }

    private async Task<ProbeAnswer> ConnectAsync(JsonObject tcp, JsonObject container, string podIp, CancellationToken cancellation)
    {
        if (Port(tcp["port"], container) is not { } port)
        {
            return new ProbeAnswer(false, $"the container has no port named {tcp.Text("port")}");
        }

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(tcp.Text("host") ?? podIp, port, cancellation);
            return tcp.Text("host") is null && listeners.Foreign(podIp, port) is { } foreign ? new ProbeAnswer(false, foreign)
                : new ProbeAnswer(true, "");
        }
        catch (SocketException e)
        {
            return new ProbeAnswer(false, $"dial tcp {podIp}:{port}: {e.Message}");
        }
    }

    /// <summary>Reads a command's output for a message, up to 10 KiB of it.</summary>
    public static async Task<string> ReadSomeAsync(Stream stream, CancellationToken cancellation)
    {
        var text = new byte[10 * 1024];
        var length = 0;
        for (int read; length < text.Length && (read = await stream.ReadAsync(text.AsMemory(length), cancellation)) > 0; length += read)
        {
        }

        return Encoding.UTF8.GetString(text, 0, length);
    }
}

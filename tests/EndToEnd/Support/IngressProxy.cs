using System.Net;
using System.Net.Sockets;

namespace EndToEnd;

/// <summary>
/// What an ingress is to a client: one address on loopback that leads to a graph's frontends, whichever is ready; without one it answers 503.
/// It asks the cluster for them itself, as a stranger.
/// </summary>
internal sealed class IngressProxy : IAsyncDisposable
{
    private const int FrontendPort = 8000;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly ClusterApi _api;
    private readonly Task _accepting;
    private int _passed;

    private IngressProxy(ClusterApi api)
    {
        _api = api;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Connections that were led to a frontend.</summary>
    public int Passed => Volatile.Read(ref _passed);

    /// <summary>The address.</summary>
    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Starts one before a cluster's frontends.</summary>
    public static IngressProxy Start(ClusterApi api) => new(api);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
                connections.RemoveAll(task => task.IsCompletedSuccessfully);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            using var server = new TcpClient();
            try
            {
                if (await FrontendAsync() is not { } address)
                {
                    await client.GetStream().WriteAsync(
                        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _ended.Token);
                    return;
                }

                await server.ConnectAsync(address, FrontendPort, _ended.Token);
                Interlocked.Increment(ref _passed);
                // Either end's end is the other's.
                await await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), _ended.Token),
                    server.GetStream().CopyToAsync(client.GetStream(), _ended.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client sees its connection end, as behind a real one.
            }
        }
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

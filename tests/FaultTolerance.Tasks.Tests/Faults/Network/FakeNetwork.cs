using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults.Network;

/// <summary>
/// A cluster's network of one target, as connections see it: it answers, unless a NetworkPolicy or a NetworkFault of the stage says what
/// else is to become of them. The target itself always reaches itself.
/// </summary>
internal sealed class FakeNetwork : IAsyncDisposable
{
    private readonly FaultStage _stage;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private volatile string _caller = "";

    public FakeNetwork(FaultStage stage)
    {
        _stage = stage;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the target listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether NetworkPolicies have an effect.</summary>
    public bool Enforces { get; set; } = true;

    /// <summary>Whether NetworkFaults are served.</summary>
    public bool Serves { get; set; } = true;

    /// <summary>Notes who tries a connection, and answers what the API serves.</summary>
    public async Task<bool> AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (path == "/apis/faultmatrix.dev/v1" && Serves)
        {
            return await FakeApi.JsonAsync(
                http, """{ "kind": "APIResourceList", "resources": [ { "name": "networkfaults", "kind": "NetworkFault", "namespaced": true } ] }""");
        }

        if (path.EndsWith("/exec", StringComparison.Ordinal))
        {
            _caller = path.Split('/')[^2];
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await DoAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The test, or the probe, has ended.
            }
        }
    }

    private async Task DoAsync(TcpClient client)
    {
        var fault = _stage.Objects.Names("networkfaults").Select(name => _stage.Objects.Get("networkfaults", name)).FirstOrDefault();
        var spec = fault?["spec"]?.AsObject() ?? [];
        var own = _caller == "small-0";
        if (!own && ((Enforces && _stage.Objects.Names("networkpolicies").Count > 0) || spec["drop"]?.GetValue<bool>() == true))
        {
            await Task.Delay(Timeout.Infinite, _end.Token);
        }

        if (spec["reset"]?.GetValue<bool>() == true)
        {
            Count(fault!, "resetConnections");
            client.LingerState = new LingerOption(true, 0);
            return;
        }

        if (spec["latencyMilliseconds"] is { } ms)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(double.Parse(ms.ToString(), CultureInfo.InvariantCulture)), _end.Token);
        }

        if (spec["lossPercent"] is not null)
        {
            Count(fault!, "droppedPackets");
        }

        if (spec["bytesPerSecond"] is not null)
        {
            Count(fault!, "delayedPieces");
        }

        var stream = client.GetStream();
        var reader = new StreamReader(stream, Encoding.ASCII);
        while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
        {
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.0 200 OK\r\n\r\n"), _end.Token);
    }

    private static void Count(JsonObject fault, string what) => fault["status"] = new JsonObject { [what] = 3 };
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

/// <summary>A probe or a request that another's socket on all addresses answers says nothing of the pod that was asked.</summary>
public sealed class PodListenersTests
{
    private static readonly string? Python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : null;

    [Theory]
    [InlineData("0100007F", "127.0.0.1")]
    [InlineData("00000000", "0.0.0.0")]
    [InlineData("00000000000000000000000000000000", "::")]
    [InlineData("0000000000000000FFFF00000302017F", "127.1.2.3")]
    public void ReadAddress_reads_what_proc_writes(string hex, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), ListenerTable.ReadAddress(hex));

    [Theory]
    [InlineData("0.0.0.0", "tcpSocket")]
    [InlineData("::", "tcpSocket")]
    [InlineData("0.0.0.0", "httpGet")]
    public async Task Probe_answered_by_a_process_that_is_not_the_pods_fails_and_the_event_says_what_to_bind(string address, string kind)
    {
        using var server = new Socket(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address == "::")
        {
            server.DualMode = true;
        }

        server.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        server.Listen();
        var answering = AnswerAsync(server);
        var port = ((IPEndPoint)server.LocalEndPoint!).Port;
        await using var cluster = await TestCluster.StartAsync();
        cluster.CreatePod("a", "exec sleep 1000", p => Probe(p, kind, port));

        var told = await WaitEventAsync(cluster, "Unhealthy");

        Assert.Contains("of this machine, which listens on all addresses", told, StringComparison.Ordinal);
        Assert.Contains("status.podIP", told, StringComparison.Ordinal);
        Assert.False(cluster.Store.Get(TestCluster.Id("a"))!.IsReady());
        var refused = await Assert.ThrowsAsync<IOException>(() => cluster.Kubelet.ConnectAsync("ns", "a", port, TestCluster.Token));
        Assert.Contains("listens on all addresses", refused.Message, StringComparison.Ordinal);
        server.Dispose();
        await answering;
    }

    [Fact]
    public async Task Of_two_pods_that_listen_on_all_addresses_only_the_one_that_does_becomes_ready()
    {
        Assert.SkipWhen(Python is null, "there is no /usr/bin/python3");
        await using var cluster = await TestCluster.StartAsync();
        var port = FreePort();
        var serve = string.Create(CultureInfo.InvariantCulture,
            $"exec {Python} -m http.server {port} --bind 0.0.0.0 --directory /var/run");
        cluster.CreatePod("a", serve, p => Probe(p, "httpGet", port));
        await cluster.WaitReadyAsync("a");

        cluster.CreatePod("b", serve + " 2>/dev/null || exec sleep 1000", p => Probe(p, "httpGet", port));
        var told = await WaitEventAsync(cluster, "Unhealthy", "pod ns/a");

        Assert.Contains("is answered by pod ns/a", told, StringComparison.Ordinal);
        Assert.False(cluster.Store.Get(TestCluster.Id("b"))!.IsReady());
        Assert.True(cluster.Store.Get(TestCluster.Id("a"))!.IsReady());
    }

    private static void Probe(JsonObject pod, string kind, int port) =>
        pod["spec"]!["containers"]![0]!["readinessProbe"] =
            new JsonObject { [kind] = new JsonObject { ["port"] = port }, ["periodSeconds"] = 1, ["failureThreshold"] = 1 };

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<string> WaitEventAsync(TestCluster cluster, string reason, string? text = null)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestCluster.Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        bool Fits(JsonObject e) => e.Text("reason") == reason
            && (text is null || e.Text("message")?.Contains(text, StringComparison.Ordinal) is true);
        var (items, version) = cluster.Store.List(Resources.Events, "ns");
        if (items.FirstOrDefault(Fits) is { } there)
        {
            return there.Text("message")!;
        }

        await foreach (var change in cluster.Store.WatchAsync(Resources.Events, "ns", version, timeout.Token))
        {
            if (Fits(change.Object))
            {
                return change.Object.Text("message")!;
            }
        }

        throw new InvalidOperationException("the watch ended");
    }

    private static async Task AnswerAsync(Socket server)
    {
        try
        {
            while (true)
            {
                using var client = await server.AcceptAsync(TestCluster.Token);
                await client.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), TestCluster.Token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test ended
        }
    }
}

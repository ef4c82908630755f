using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;
using FaultTolerance.LocalCluster.Tests.Kubelet;

namespace FaultTolerance.LocalCluster.Tests.Network;

/// <summary>Two pods with networks of their own: what one says to the other goes through the cluster, which does what it is told.</summary>
public sealed class PodNetworksTests
{
    // Answers each connection's line with "pong".
    private const string Server =
        "exec python3 -u -c '\nimport os,socketserver\nclass H(socketserver.StreamRequestHandler):\n"
        + "  def handle(s):\n    for l in s.rfile: s.wfile.write(b\"pong\" * (len(l) // 5 + 1) + b\"\\n\")\n"
        + "class S(socketserver.ThreadingTCPServer): daemon_threads=True\nS((os.environ[\"IP\"],7000),H).serve_forever()'";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pods_and_the_machine_reach_a_pod_at_its_address()
    {
        await using var cluster = await StartAsync();
        var ip = await ServerAsync(cluster);

        Assert.Equal("pong", await AskAsync(cluster, ip));
        using var client = new TcpClient();
        await client.ConnectAsync(ip, 7000, Token);
        var stream = client.GetStream();
        await stream.WriteAsync("ping\n"u8.ToArray(), Token);
        Assert.Equal("pongpong", await new StreamReader(stream, Encoding.ASCII).ReadLineAsync(Token));
        Assert.NotEqual(await LinkAsync(cluster, "server"), await LinkAsync(cluster, "client"));
    }

    [Fact]
    public async Task NetworkPolicy_cuts_the_way_of_one_pod_and_no_other_and_lets_it_through_when_it_is_gone()
    {
        await using var cluster = await StartAsync();
        var ip = await ServerAsync(cluster);
        await PodAsync(cluster, "other", "other", "sleep 1000");
        var policy = new ResourceId(Resources.NetworkPolicies, "ns", "cut");

        cluster.Store.Create(policy, JsonNode.Parse(
            """
            {"metadata":{},"spec":{"podSelector":{"matchLabels":{"app":"server"}},"policyTypes":["Ingress"],"ingress":[
              {"from":[{"podSelector":{"matchExpressions":[{"key":"app","operator":"NotIn","values":["client"]}]}}]}]}}
            """)!.AsObject());
        await UntilAsync(async () => await AskAsync(cluster, ip) == "timeout");

        Assert.Equal("pong", await AskAsync(cluster, ip, "other"));
        cluster.Store.Remove(policy);
        await UntilAsync(async () => await AskAsync(cluster, ip) == "pong");
    }

    [Theory]
    [InlineData("""{"drop":true}""", "timeout", "droppedPackets")]
    [InlineData("""{"reset":true}""", "refused", "resetConnections")]
    [InlineData("""{"latencyMilliseconds":300}""", "pong", "delayedPieces")]
    [InlineData("""{"bytesPerSecond":50}""", "pong", "delayedPieces")]
    public async Task NetworkFault_is_seen_from_within_counted_and_ends_with_its_object(string effect, string seen, string counted)
    {
        await using var cluster = await StartAsync();
        var ip = await ServerAsync(cluster);
        var fault = Fault(effect, TimeSpan.FromMinutes(5));

        cluster.Store.Create(fault.Id, fault.Body);
        await UntilAsync(async () => await AskAsync(cluster, ip) == seen
            && cluster.Store.Get(fault.Id).Number("status", counted) > 0);

        cluster.Store.Remove(fault.Id);
        await UntilAsync(async () => await AskAsync(cluster, ip) == "pong");
    }

    [Fact]
    public async Task NetworkFault_delays_an_answer_by_what_it_says()
    {
        await using var cluster = await StartAsync();
        var ip = await ServerAsync(cluster);
        var fault = Fault("""{"latencyMilliseconds":400}""", TimeSpan.FromMinutes(5));
        cluster.Store.Create(fault.Id, fault.Body);

        await UntilAsync(async () =>
        {
            var started = Stopwatch.GetTimestamp();
            return await AskAsync(cluster, ip) == "pong" && Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(400);
        });
        Assert.True(cluster.Store.Get(fault.Id).Number("status", "delayedPieces") is null or > 0);
    }

    [Fact]
    public async Task NetworkFault_breaks_connections_that_are_there_already()
    {
        await using var cluster = await StartAsync();
        var ip = await ServerAsync(cluster);
        using var client = new TcpClient();
        await client.ConnectAsync(ip, 7000, Token);
        var stream = client.GetStream();
        await stream.WriteAsync("ping\n"u8.ToArray(), Token);
        _ = await stream.ReadAsync(new byte[9], Token);
        var fault = Fault("""{"reset":true}""", TimeSpan.FromMinutes(5), from: null);

        cluster.Store.Create(fault.Id, fault.Body);

        await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1], Token));
    }

    [Fact]
    public async Task NetworkFault_ends_by_itself_at_its_deadline()
    {
        await using var cluster = await StartAsync();
        var ip = await ServerAsync(cluster);
        var fault = Fault("""{"drop":true}""", TimeSpan.FromSeconds(2));
        cluster.Store.Create(fault.Id, fault.Body);

        await cluster.WaitAsync(fault.Id, item => item is null);

        await UntilAsync(async () => await AskAsync(cluster, ip) == "pong");
    }

    [Fact]
    public async Task NetworkFault_that_loses_packets_is_counted_and_nothing_that_was_sent_is_lost()
    {
        await using var cluster = await StartAsync();
        var ip = await ServerAsync(cluster);
        var fault = Fault("""{"lossPercent":40}""", TimeSpan.FromMinutes(5));
        cluster.Store.Create(fault.Id, fault.Body);

        await UntilAsync(async () =>
        {
            Assert.Contains(await AskAsync(cluster, ip, seconds: 30), new[] { "pong", "timeout" });
            return cluster.Store.Get(fault.Id).Number("status", "droppedPackets") > 0;
        });
    }

    [Fact]
    public async Task Names_of_Services_resolve_within_pods_unless_a_fault_keeps_the_answers()
    {
        await using var cluster = await StartAsync();
        cluster.Store.Create(
            new ResourceId(Resources.Services, "ns", "web"), JsonNode.Parse("""{"metadata":{},"spec":{"clusterIP":"127.1.200.9"}}""")!.AsObject());

        Assert.StartsWith("127.1.200.9 ", await LookUpAsync(cluster, "web"), StringComparison.Ordinal);
        Assert.StartsWith("127.0.0.1 ", await LookUpAsync(cluster, "kubernetes.default.svc"), StringComparison.Ordinal);
        Assert.Equal("", await LookUpAsync(cluster, "nothing.ns.svc"));
        var fault = Fault("""{"names":true}""", TimeSpan.FromMinutes(5));
        fault.Body["spec"]!["pods"] = new JsonArray("client");
        cluster.Store.Create(fault.Id, fault.Body);
        await UntilAsync(async () => await LookUpAsync(cluster, "web") == ""
            && cluster.Store.Get(fault.Id).Number("status", "droppedPackets") > 0);
        cluster.Store.Remove(fault.Id);
        await UntilAsync(async () => (await LookUpAsync(cluster, "web")).Length > 0);
    }

    private static async Task<string> LookUpAsync(TestCluster cluster, string name) =>
        (await cluster.ExecAsync("client", "timeout", "1", "getent", "ahostsv4", name)).Output;

    private static async Task<TestCluster> StartAsync()
    {
        var cluster = await TestCluster.StartAsync(podNetworks: true);
        if (cluster.Kubelet.Networks is null)
        {
            await cluster.DisposeAsync();
            Assert.Skip("this machine gives no network namespaces");
        }

        cluster.Store.Create(new ResourceId(Resources.Namespaces, "", "ns"), new JsonObject { ["metadata"] = new JsonObject() });
        await PodAsync(cluster, "client", "client", "sleep 1000");
        return cluster;
    }

    private static async Task<string> ServerAsync(TestCluster cluster)
    {
        await PodAsync(cluster, "server", "server", Server);
        var ip = cluster.Store.Get(TestCluster.Id("server")).Text("status", "podIP")!;
        await UntilAsync(async () => await AskAsync(cluster, ip) == "pong");
        return ip;
    }

    private static async Task PodAsync(TestCluster cluster, string name, string app, string script)
    {
        cluster.CreatePod(name, script, pod =>
        {
            pod["metadata"]!["labels"]!["app"] = app;
            pod["spec"]!["containers"]![0]!["env"] = JsonNode.Parse(
                """[{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}}]""");
        });
        await cluster.WaitReadyAsync(name);
    }

    private static async Task<string> AskAsync(TestCluster cluster, string ip, string from = "client", double seconds = 1)
    {
        var (code, output, error) = await cluster.ExecAsync(
            from, "timeout", $"{seconds}", "bash", "-c",
            $"exec 3<>/dev/tcp/{ip}/7000 && echo x >&3 && IFS= read -r line <&3 && echo \"$line\"");
        return code == 124 ? "timeout" : code == 0 ? output.Trim() : error.Contains("efused", StringComparison.Ordinal)
            || error.Contains("reset", StringComparison.Ordinal) || code is 1 or 141 ? "refused" : $"{code} {error}";
    }

    private static async Task<string> LinkAsync(TestCluster cluster, string pod) =>
        (await cluster.ExecAsync(pod, "readlink", "/proc/self/ns/net")).Output;

    private static (ResourceId Id, JsonObject Body) Fault(string effect, TimeSpan lasts, string? from = "client")
    {
        var spec = JsonNode.Parse(effect)!.AsObject();
        spec["pods"] = new JsonArray("server");
        spec["until"] = (TimeProvider.System.GetUtcNow() + lasts).ToString("O");
        if (from is not null)
        {
            spec["from"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = from } };
        }

        return (new ResourceId(Resources.NetworkFaults, "ns", "fault"),
            new JsonObject { ["metadata"] = new JsonObject(), ["spec"] = spec });
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}

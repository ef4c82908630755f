using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FaultTolerance.Deployments;
using FaultTolerance.Tests.Cluster;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Deployments;

/// <summary>What a wait says of the pods that it waits for.</summary>
public sealed class LastWordsTests
{
    private const string Crashed = """{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deploy_that_waits_says_the_pods_state_and_its_last_line()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Before = LogAsync("one\nno GPU \u001b[31mfound\n\n");
        cluster.Created = (_, _) => cluster.Put("pods", TestGraph.Pod("ft-small-decode-a", ready: false));

        var said = await DeployAsync(cluster);

        Assert.Contains(said, text => text.Contains("ft-small-decode-a said last: no GPU [31mfound", StringComparison.Ordinal));
        Assert.Contains(cluster.Api.Requests, request => request.Contains("tailLines=5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deploy_that_waits_for_an_image_says_what_is_pulled()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Created = (_, _) =>
        {
            var pod = cluster.Put(
                "pods", TestGraph.Pod("ft-small-decode-a", state: """{"waiting":{"reason":"ContainerCreating"}}""", ready: false));
            cluster.Put("events", Event("pull", pod, "Pulling", "Pulling image \"vllm:1\""));
        };

        Assert.Contains(await DeployAsync(cluster), text =>
            text.Contains("Pulling, Pulling image \"vllm:1\"", StringComparison.Ordinal)
            && text.Contains("ContainerCreating", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Deploy_that_waits_for_a_node_says_what_the_scheduler_says()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Created = (_, _) =>
        {
            var pod = TestGraph.Pod("ft-small-decode-a", ready: false);
            pod["status"] = JsonNode.Parse(
                """{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes: no nvidia.com/gpu"}]}"""
            );
            cluster.Put("pods", pod);
        };

        Assert.Contains(await DeployAsync(cluster), text => text.Contains("Unschedulable: 0/3 nodes: no nvidia.com/gpu", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Words_that_cannot_be_had_are_left_out(int status)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Before = async http => IsLog(http) && await FakeApi.StatusAsync(http, status, "No", "no");
        using var session = await cluster.ConnectAsync();

        Assert.Equal("", await new LastWords(session).OfAsync([Pod(TestGraph.Pod("a", state: Crashed, restarts: 1, ready: false))], Cancellation));
    }

    [Fact]
    public async Task Words_of_a_log_that_stalls_end_after_five_seconds()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Before = async http => IsLog(http) && await Trouble.StallAsync(http, "line", "text/plain");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);

        Assert.Equal(
            "",
            await time.PumpAsync(
                new LastWords(session).OfAsync([Pod(TestGraph.Pod("a", state: Crashed, restarts: 1, ready: false))], Cancellation),
                seconds: 20
            )
        );
    }

    [Fact]
    public async Task Words_of_a_container_that_crashed_are_those_before_its_restart()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Before = async http =>
            IsLog(http) && http.Request.Query["previous"] == "true" && await LogAsync("out of memory\n")(http);
        using var session = await cluster.ConnectAsync();

        Assert.Equal(
            "; a said last: out of memory",
            await new LastWords(session).OfAsync([Pod(TestGraph.Pod("a", state: Crashed, restarts: 1, ready: false))], Cancellation)
        );
    }

    [Fact]
    public void Describe_of_a_pod_that_is_going_names_what_holds_it()
    {
        var pod = TestGraph.Pod("a");
        pod["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:01Z";
        pod["metadata"]!["finalizers"] = new JsonArray("example.com/never");

        Assert.Equal("terminating, finalizer example.com/never, main still runs", PodTroubles.Describe(Pod(pod)));
    }

    [Fact]
    public void A_container_that_ends_well_and_is_to_stay_is_hopeless_too()
    {
        var hopeless = new HopelessPods(TimeProvider.System);
        var pod = Pod(TestGraph.Pod("a", state: Crashed.Replace("1}", "0}", StringComparison.Ordinal), restarts: 3, ready: false));

        Assert.Contains("has ended 3 times, at last with exit code 0", hopeless.Why([pod]), StringComparison.Ordinal);
    }

    private static V1Pod Pod(JsonObject pod) => k8s.KubernetesJson.Deserialize<V1Pod>(pod.ToJsonString());

    private static JsonObject Event(string name, JsonObject pod, string reason, string message) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["involvedObject"] = new JsonObject { ["name"] = pod["metadata"]!["name"]!.DeepClone(), ["uid"] = pod["metadata"]!["uid"]!.DeepClone() },
        ["reason"] = reason,
        ["message"] = message,
        ["type"] = "Normal",
    };

    private static bool IsLog(HttpContext http) => http.Request.Path.Value!.EndsWith("/log", StringComparison.Ordinal);

    private static Func<HttpContext, Task<bool>> LogAsync(string text) => async http =>
    {
        if (IsLog(http))
        {
            await http.Response.WriteAsync(text, http.RequestAborted);
            return true;
        }

        return false;
    };

    // Deploys what never becomes ready.
    private static async Task<IReadOnlyCollection<string>> DeployAsync(FakeCluster cluster)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var said = new ConcurrentQueue<string>();
        using var graph = new TestGraph(time);
        using var session = await cluster.ConnectAsync(time);
        await using var watch = await graph.WatchAsync(session);
        await using var transport = new TestTransport(watch, cluster.Api);
        var deployer = new GraphDeployer(session, watch, transport, graph.Log, graph.Timeline, said.Enqueue);
        await Assert.ThrowsAsync<FaultMatrixException>(() =>
            time.PumpAsync(deployer.DeployAsync(null, PumpedTime.Long, Cancellation))
        );
        return said;
    }
}

using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Operator;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

/// <summary>Discovery by Kubernetes with the very calls of a real frontend and worker.</summary>
public sealed class WorkerCardTests
{
    private const int Terminate = 15;
    private const string Cards = "/apis/nvidia.com/v1alpha1/namespaces/test/dynamoworkermetadatas";
    private const string Slices = "/apis/discovery.k8s.io/v1/namespaces/test/endpointslices";

    [Fact]
    public async Task Worker_registers_byApplyingItsWholeCard_andTakesItBackWhenItGoes()
    {
        await using var graph = await StartAsync();
        var address = graph.Worker("decode-0");
        await graph.LogAsync("decode-0", "wrote worker card decode-0");
        var uid = graph.Kubernetes.Get($"{TestGraph.Pods}/decode-0").At("metadata", "uid").Text();

        StandInProcess.Kill(graph["decode-0"].Id, Terminate);
        Assert.Equal(0, await graph["decode-0"].ExitCodeAsync());

        var applied = graph.Kubernetes.Applied.ToList();
        Assert.Equal(3, applied.Count);
        Assert.All(applied, call =>
        {
            Assert.Equal($"{Cards}/decode-0?&force=true&fieldManager=dynamo-worker", call.Path);
            Assert.Equal(("application/apply-patch+yaml", "application/json"), (call.ContentType, call.Accept));
            Assert.Equal("nvidia.com/v1alpha1 DynamoWorkerMetadata", $"{call.Body["apiVersion"]} {call.Body["kind"]}");
            var owner = Assert.Single(call.Body.At("metadata", "ownerReferences")!.AsArray());
            Assert.Equal(
                $$"""{"apiVersion":"v1","kind":"Pod","name":"decode-0","uid":"{{uid}}","controller":true}""",
                owner!.ToJsonString());
        });
        Assert.Equal([(1, 0), (1, 1), (0, 0)], applied.Select(call => (Count(call.Body, "endpoints"), Count(call.Body, "model_cards"))));
        Assert.Equal(
            $"{address}:9345",
            applied[0].Body.At("spec", "data", "endpoints", "dn/backend/generate", "transport", "tcp").Text());
    }

    [Fact]
    public async Task Worker_thatMayNotWriteItsCard_exitsWith1()
    {
        await using var graph = await StartAsync();
        graph.Kubernetes.RefusesApply = true;
        graph.Worker("decode-0");

        Assert.Equal(1, await graph["decode-0"].ExitCodeAsync());
        await graph.LogAsync("decode-0", "failed to write worker card");
    }

    [Fact]
    public async Task Frontend_serves_whileThereIsAReadyEndpointWithACard()
    {
        await using var graph = await StartAsync();
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await graph.LogAsync("frontend", "worker decode-0 ready");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(graph));

        Slice(graph, ready: true);
        await Eventually.TrueAsync(async () => await StatusAsync(graph) == HttpStatusCode.OK, "it serves");
        Slice(graph, ready: false);
        await Eventually.TrueAsync(async () => await StatusAsync(graph) == HttpStatusCode.NotFound, "the endpoint is not ready");
        Slice(graph, ready: true);
        await Eventually.TrueAsync(async () => await StatusAsync(graph) == HttpStatusCode.OK, "it serves again");
        graph.Kubernetes.Delete(Cards, "decode-0");
        await Eventually.TrueAsync(async () => await StatusAsync(graph) == HttpStatusCode.NotFound, "the card is gone");

        const string Watch = "watch=true&allowWatchBookmarks=true&resourceVersion=";
        Assert.Contains(graph.Kubernetes.Read, line => line.StartsWith($"{Slices}?labelSelector=nvidia.com%2Fdynamo-discovery-enabled%3Dtrue&limit=500", StringComparison.Ordinal));
        Assert.Contains(graph.Kubernetes.Read, line => line.StartsWith($"{Slices}?labelSelector=nvidia.com%2Fdynamo-discovery-enabled%3Dtrue&{Watch}", StringComparison.Ordinal));
        Assert.Contains(graph.Kubernetes.Read, line => line.StartsWith($"{Cards}?{Watch}", StringComparison.Ordinal) && line.EndsWith("&timeoutSeconds=290", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusAsync(TestGraph graph)
    {
        using var answer = await graph.ChatAsync(tokens: 1);
        return answer.StatusCode;
    }

    private static int Count(JsonObject body, string map) => body.At("spec", "data", map)!.AsObject().Count;

    private static void Slice(TestGraph graph, bool ready) => graph.Kubernetes.Put(Slices, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = "graph-worker-x", ["labels"] = new JsonObject { [GraphLabels.DiscoveryEnabled] = "true" } },
        ["endpoints"] = new JsonArray(new JsonObject
        {
            ["conditions"] = new JsonObject { ["ready"] = ready },
            ["targetRef"] = new JsonObject
            {
                ["kind"] = "Pod",
                ["name"] = "decode-0",
                ["uid"] = graph.Kubernetes.Get($"{TestGraph.Pods}/decode-0").At("metadata", "uid").Text(),
            },
        }),
    });

    private static async Task<TestGraph> StartAsync()
    {
        var graph = await TestGraph.StartAsync();
        graph.Kubernetes.ServesCards = true;
        graph.ChatPath = "/v1/chat/completions";
        graph.Environment["STANDIN_PROFILE"] = "today";
        graph.Environment["DYN_DISCOVERY_BACKEND"] = "kubernetes";
        graph.Environment["DYN_GRACEFUL_SHUTDOWN_GRACE_PERIOD_SECS"] = "0";
        return graph;
    }
}

using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Faults;
using FaultTolerance.Faults.DeletePod;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using RealCluster.Support;

namespace RealCluster;

/// <summary>Which pods of a shared namespace are a graph's, whoever's operator made them.</summary>
public sealed class GraphPodTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task Pods_are_found_by_newer_labels_older_labels_and_owners_and_no_other_pod_is_touched()
    {
        await using var space = await TestNamespace.CreateAsync();
        await space.Admin.CreateAsync(
            ResourceType.Pods,
            Pod("g-front", new() { ["nvidia.com/dynamo-graph-deployment-name"] = "g", ["nvidia.com/dynamo-component"] = "Frontend" }),
            Cancellation
        );
        await space.Admin.CreateAsync(
            ResourceType.Pods,
            Pod("g-old", new() { ["nvidia.com/selector"] = "g-vllmprefillworker" }),
            Cancellation
        );
        await space.Admin.CreateAsync(ResourceType.Pods, Pod("g-stranger", new() { ["app"] = "other" }), Cancellation);
        await space.Admin.CreateAsync(
            ResourceType.Pods,
            Pod("g-of-another", new() { ["nvidia.com/dynamo-graph-deployment-name"] = "g2", ["nvidia.com/dynamo-component"] = "Frontend" }),
            Cancellation
        );
        var owner = Owner("g-vllmdecodeworker");
        await space.Admin.CreateAsync(ResourceType.Deployments, owner, Cancellation);
        var graph = new Graph(
            "g",
            new DynamoGraphKind(),
            [
                new GraphService("Frontend", "frontend", 1),
                new GraphService("VllmDecodeWorker", "decode", 1),
                new GraphService("VllmPrefillWorker", "prefill", 1),
            ],
            [new GraphObject(ResourceType.Deployments, owner)]
        );
        var folder = Directory.CreateTempSubdirectory("faultmatrix-");
        try
        {
            var clock = RunClock.Start(TimeProvider.System);
            using var log = new TestLog(Path.Combine(folder.FullName, "test.log.txt"), clock);
            using var timeline = new TimelineWriter(Path.Combine(folder.FullName, "timeline.jsonl"), clock);
            await using var watch = await GraphWatch.StartAsync(space.Admin, graph, timeline, Cancellation);

            var pods = await watch.WhenAsync(found => found.Count == 3 && found.All(p => p.IsReady) ? found : null, Cancellation);
            Assert.Equal(["Frontend", "VllmDecodeWorker", "VllmPrefillWorker"], pods.Select(p => p.Service.Name).Order());

            var all = new Failure(
                "all",
                [
                    new DeletePodFault
                    {
                        Target = "decode",
                        Pods = new PodSelection(SelectionMode.All, 0),
                        After = TimeSpan.Zero,
                    },
                ]
            );
            var outcome = Assert.Single(
                await new FaultInjector(
                    new FaultScene(space.Admin, watch, log, timeline, new FaultOptions()),
                    FaultKinds.Standard
                ).RunAsync(all, clock.Now, Cancellation)
            );

            Assert.True(outcome.Proof is not null, outcome.Error?.Message);
            Assert.Contains("replaced by g-vllmdecodeworker-", outcome.Proof.Text, StringComparison.Ordinal);
            foreach (var other in new[] { "g-stranger", "g-of-another" })
            {
                var there = await space.Admin.FindAsync<JsonObject>(ResourceType.Pods, other, Cancellation);
                Assert.Null(there!["metadata"]!["deletionTimestamp"]);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [RealClusterFact]
    public async Task ListAsync_of_more_than_a_page_gives_every_object_once()
    {
        await using var space = await TestNamespace.CreateAsync();
        const int Count = 503;
        await Parallel.ForAsync(
            0,
            Count,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation },
            async (i, token) =>
                await space.Admin.CreateAsync(
                    ResourceType.ConfigMaps,
                    new JsonObject
                    {
                        ["apiVersion"] = "v1",
                        ["kind"] = "ConfigMap",
                        ["metadata"] = new JsonObject
                        {
                            ["name"] = $"page-{i}",
                            ["labels"] = new JsonObject { ["page"] = "yes" },
                        },
                    },
                    token
                )
        );

        var listed = await space.Admin.ListAsync<JsonObject>(ResourceType.ConfigMaps, new Selector(Label: "page=yes"), Cancellation);

        Assert.Equal(Count, listed.Select(item => item["metadata"]!["name"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Count, listed.Count);
    }

    private static JsonObject Pod(string name, JsonObject labels) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
        ["spec"] = Spec(),
    };

    private static JsonObject Owner(string name) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "decode" } },
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "decode" } }, ["spec"] = Spec() },
        },
    };

    private static JsonObject Spec() =>
        new()
        {
            ["terminationGracePeriodSeconds"] = 0,
            ["containers"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "main",
                    ["image"] = "local/busybox:1",
                    ["command"] = new JsonArray("sleep", "3600"),
                }
            ),
        };
}

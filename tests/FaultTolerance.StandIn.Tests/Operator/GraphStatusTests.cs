using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Tests.Operator;

public sealed class GraphStatusTests
{
    private static readonly DateTimeOffset Now = new(2025, 9, 24, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 2, "successful", "True", "all_resources_are_ready")]
    [InlineData(1, 1, "pending", "False", "some_resources_are_not_ready")]
    [InlineData(0, 2, "pending", "False", "some_resources_are_not_ready")]
    public void Of_readyReplicas_giveState(int frontends, int workers, string state, string ready, string reason)
    {
        var status = Of(Graphs.Alpha(), name => name == "graph-frontend" ? Deployment(1, frontends) : Deployment(2, workers));

        Assert.Equal(state, status["state"].Text());
        Assert.Equal((ready, reason), (status["conditions"]![0]!["status"].Text(), status["conditions"]![0]!["reason"].Text()));
        Assert.Equal(3, status["observedGeneration"].Number());
        Assert.Equal(workers, status["services"]!["VllmPrefillWorker"]!["readyReplicas"].Number());
    }

    [Fact]
    public void Of_nothingThereYet_isInitializing() => Assert.Equal("initializing", Of(Graphs.Alpha(), _ => null)["state"].Text());

    [Fact]
    public void Of_deploymentNotYetObserved_isNotReady()
    {
        var stale = Deployment(2, 2);
        stale["metadata"]!["generation"] = 2;

        Assert.Equal("pending", Of(Graphs.Alpha(), name => name == "graph-frontend" ? Deployment(1, 1) : stale)["state"].Text());
    }

    [Fact]
    public void Of_conditionUnchanged_keepsItsTransitionTime()
    {
        var graph = Graphs.Alpha();
        graph["status"] = Of(graph, _ => null);

        var later = GraphStatus.Of(graph, GraphSpec.Read(graph), _ => null, Now.AddHours(1));
        var ready = GraphStatus.Of(
            graph,
            GraphSpec.Read(graph),
            name => name == "graph-frontend" ? Deployment(1, 1) : Deployment(2, 2),
            Now.AddHours(1)
        );

        Assert.Equal("2025-09-24T10:00:00Z", later["conditions"]![0]!["lastTransitionTime"].Text());
        Assert.Equal("2025-09-24T11:00:00Z", ready["conditions"]![0]!["lastTransitionTime"].Text());
    }

    [Fact]
    public void Of_beta_namesTheMapComponents() => Assert.NotNull(Of(Graphs.Beta(), _ => null)["components"]);

    [Fact]
    public void Failed_afterAGoodReconcile_keepsItsCountsAndItsGeneration()
    {
        var graph = Graphs.Alpha();
        graph["status"] = Of(graph, name => name == "graph-frontend" ? Deployment(1, 1) : Deployment(2, 2));
        graph["metadata"]!["generation"] = 4;

        var failed = GraphStatus.Failed(graph, "the object has been modified", Now.AddHours(1));

        Assert.Equal(("failed", 3L), (failed["state"].Text(), failed["observedGeneration"].Number()));
        Assert.Equal(2, failed["services"]!["VllmPrefillWorker"]!["readyReplicas"].Number());
        Assert.Equal(
            ("False", "failed_to_reconcile_the_resources", "the object has been modified"),
            (
                failed["conditions"]![0]!["status"].Text(),
                failed["conditions"]![0]!["reason"].Text(),
                failed["conditions"]![0]!["message"].Text()
            )
        );
    }

    [Fact]
    public void Failed_beforeAnyGoodReconcile_hasNoGeneration() =>
        Assert.Null(GraphStatus.Failed(Graphs.Alpha(), "no", Now)["observedGeneration"]);

    private static JsonObject Of(JsonObject graph, Func<string, JsonObject?> deployment) =>
        GraphStatus.Of(graph, GraphSpec.Read(graph), deployment, Now);

    private static JsonObject Deployment(int wanted, int ready) =>
        new()
        {
            ["metadata"] = new JsonObject { ["generation"] = 1 },
            ["spec"] = new JsonObject { ["replicas"] = wanted },
            ["status"] = new JsonObject
            {
                ["observedGeneration"] = 1,
                ["replicas"] = wanted,
                ["updatedReplicas"] = wanted,
                ["readyReplicas"] = ready,
                ["availableReplicas"] = ready,
            },
        };
}

using FaultTolerance.Faults;
using FaultTolerance.Faults.Heal;
using FaultTolerance.Planning;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Faults;
using FaultTolerance.Tests.Faults.Kinds;
using k8s.Models;

namespace FaultTolerance.Tests.Planning;

/// <summary>A plan names every pod, node and object that a fault would hit, or says honestly why it cannot.</summary>
public sealed class FaultReachTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("deletePod", "would hit pod small-0 on node node-1|needs delete pods")]
    [InlineData("cordonNode", "would hit node node-1, with small-0, small-1 of the graph on it|needs get nodes, patch nodes")]
    [InlineData("scale", "would hit Deployment small-decode, of which small-0, small-1 are now|needs ")]
    public async Task OfAsync_of_a_graph_that_is_deployed_names_what_is_there_and_no_stranger(string kind, string expected)
    {
        var (stage, _) = await KindSamples.StageAsync(pods: 2);
        await using var end = stage;
        var fault = kind == "deletePod" ? FaultInjectorTests.Delete(0) : KindSamples.Of(kind, stage.Folder, TimeSpan.FromSeconds(1));

        var lines = await LinesAsync(stage, fault, deployed: true);

        Assert.StartsWith(expected, string.Join('|', lines), StringComparison.Ordinal);
        Assert.DoesNotContain("stranger", string.Join('|', lines), StringComparison.Ordinal);
        Assert.All(stage.Api.Requests, request => Assert.StartsWith("GET ", request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("deletePod", "would hit pod 1 of 2 expected of decode; none is there to name yet")]
    [InlineData("cordonNode", "would hit the node of pod 1 of 2 expected of decode; none is there to name yet")]
    [InlineData("scale", "would hit Deployment small-decode, of which 2 pods are expected; none is there to name yet")]
    public async Task OfAsync_of_a_graph_that_is_not_deployed_names_expected_replicas(string kind, string expected)
    {
        var (stage, _) = await KindSamples.StageAsync(pods: 2);
        await using var end = stage;
        var fault = kind == "deletePod" ? FaultInjectorTests.Delete(0) : KindSamples.Of(kind, stage.Folder, TimeSpan.FromSeconds(1));

        Assert.Equal(expected, (await LinesAsync(stage, fault, deployed: false))[0]);
    }

    [Fact]
    public async Task OfAsync_of_pods_at_random_names_all_of_which_they_are_drawn()
    {
        var (stage, _) = await KindSamples.StageAsync(pods: 2);
        await using var end = stage;
        var fault = FaultInjectorTests.Delete(0) with { Pods = new PodSelection(SelectionMode.Random, 1) };

        var lines = await LinesAsync(stage, fault, deployed: true);

        Assert.Equal(
            ["would hit 1 at random of these: pod small-0 on node node-1", "would hit 1 at random of these: pod small-1 on node node-1"],
                lines.Take(2));
    }

    [Fact]
    public async Task OfAsync_of_a_fault_without_target_or_over_its_limit_is_an_error()
    {
        var (stage, _) = await KindSamples.StageAsync(pods: 2);
        await using var end = stage;
        async Task<string> CodeAsync(Fault fault, bool deployed) =>
            (await Assert.ThrowsAsync<FaultMatrixException>(() => LinesAsync(stage, fault, deployed))).Code;

        Assert.Equal("FT0601", await CodeAsync(FaultInjectorTests.Delete(0) with { Target = "prefill" }, true));
        Assert.Equal("FT0620",
            await CodeAsync(FaultInjectorTests.Delete(0) with { Pods = new PodSelection(SelectionMode.All, 0), MaxPods = 1 }, true));
        Assert.Equal("FT0620",
            await CodeAsync(FaultInjectorTests.Delete(0) with { Pods = new PodSelection(SelectionMode.All, 0), MaxPods = 1 }, false));
        stage.Graph = stage.Graph with { Services = [stage.Graph.Services[0] with { Replicas = 0 }] };
        Assert.Equal("FT0611", await CodeAsync(FaultInjectorTests.Delete(0), false));
    }

    [Fact]
    public async Task OfAsync_of_a_heal_step_hits_nothing_and_needs_nothing()
    {
        var (stage, _) = await KindSamples.StageAsync();
        await using var end = stage;

        Assert.Empty(await LinesAsync(stage, new HealStep(), deployed: true));
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(FaultStage stage, Fault fault, bool deployed)
    {
        using var session = await stage.Api.ConnectAsync(stage.Time, retries: 0);
        var stranger = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "stranger", Uid = "u-s" },
            Spec = new V1PodSpec { NodeName = "node-1", Containers = [new V1Container { Name = "main" }] },
        };
        var pods = deployed ? await session.ListAsync<V1Pod>(FaultTolerance.Cluster.ResourceType.Pods, default, Cancellation) : [];
        var sight = await PlanSight.OfAsync(session, stage.Graph, [.. pods, stranger], Cancellation);
        var scenario = new Scenario(new Deployment { Name = "d", Manifest = "d.yaml" }, new Failure("f", [fault]), new LoadSpec(),
            "p") { GraphName = "small" };
        return (await FaultReach.OfAsync(scenario, sight, FaultKinds.Standard, new FaultOptions(), Cancellation))[0];
    }
}

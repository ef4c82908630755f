using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Graphs;
using RealCluster.Support;

namespace RealCluster;

/// <summary>Pods of a real cluster that do not come or do not go: said in one line, with the object's own events.</summary>
public sealed class TroubleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task Deploy_with_an_image_that_cannot_be_pulled_says_so()
    {
        await using var space = await TestNamespace.CreateAsync();

        var error = await TroubledRow.FailsAsync(space, "--image", "faultmatrix/no-such-image:1");

        Assert.Contains("FT0402", error, StringComparison.Ordinal);
        Assert.Matches("ErrImagePull|ImagePullBackOff", error);
        Assert.Contains("no-such-image", error, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task Deploy_of_pods_that_no_node_takes_says_why()
    {
        await using var space = await TestNamespace.CreateAsync();
        var limits = new ResourceType("", "v1", "limitranges", "LimitRange");
        await space.Admin.CreateAsync(limits, TroubledRow.Body("v1", "LimitRange", "too-much", """
            { "limits": [ { "type": "Container", "defaultRequest": { "cpu": "1000" }, "default": { "cpu": "1000" } } ] }
            """), Cancellation);

        var error = await TroubledRow.FailsAsync(space);

        Assert.Contains("FT0402", error, StringComparison.Ordinal);
        Assert.Contains("Insufficient cpu", error, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task Teardown_of_a_pod_that_somebody_holds_names_pod_and_finalizer()
    {
        await using var space = await TestNamespace.CreateAsync();
        var (deployed, said) = await TroubledRow.RunAsync(space, "Deploy", "--scenario", TroubledRow.Name);
        Assert.True(deployed == 0, said);
        var selector = new Selector(Label: $"{GraphLabels.ManagedBy}={GraphLabels.ManagedByValue}");
        var pod = (await space.Admin.ListAsync<JsonObject>(ResourceType.Pods, selector, Cancellation))[0]["metadata"]![
            "name"
        ]!.GetValue<string>();
        await PatchFinalizersAsync(space, pod, "example.com/held");
        try
        {
            var (code, output) = await TroubledRow.RunAsync(space, "Teardown", "--scenario", TroubledRow.Name, "--teardown-timeout", "3");

            Assert.NotEqual(0, code);
            Assert.Contains("FT0405", output, StringComparison.Ordinal);
            Assert.Contains(pod, output, StringComparison.Ordinal);
            Assert.Contains("finalizers", output, StringComparison.Ordinal);
        }
        finally
        {
            await PatchFinalizersAsync(space, pod, null);
        }

        var (again, last) = await TroubledRow.RunAsync(space, "Teardown");
        Assert.True(again == 0, last);
    }

    private static async Task PatchFinalizersAsync(TestNamespace space, string pod, string? finalizer)
    {
        try
        {
            var finalizers = finalizer is null ? null : (JsonNode)new JsonArray(finalizer);
            await space.Admin.PatchAsync(
                ResourceType.Pods,
                pod,
                new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = finalizers } },
                Cancellation
            );
        }
        catch (ClusterException e) when (finalizer is null && e.Status == System.Net.HttpStatusCode.NotFound)
        {
            // It has gone by itself.
        }
    }
}

using System.Text.Json.Nodes;
using FaultTolerance;
using FaultTolerance.Deployments.Platform;
using RealCluster.Support;

namespace RealCluster;

/// <summary>The stand-in of each engine, its pods made by Deployments; and of one by the stand-in's Grove, which knows no engine.</summary>
[Collection(nameof(Alone))]
public sealed class EngineTests
{
    private const string OfGrove = "vllm-agg";
    private static readonly string[] GroveKinds = ["podcliquesets", "podcliquescalinggroups", "podcliques"];

    [RealClusterFact]
    public Task Each_engine_with_Deployments_is_measured_and_nothing_is_left() => RunAsync(grove: false);

    [RealClusterFact]
    public Task Engine_with_Grove_is_measured_and_nothing_is_left() => RunAsync(grove: true);

    [RealClusterFact]
    public async Task InstallAsync_with_Grove_beside_a_real_one_refuses()
    {
        await using var space = await TestNamespace.CreateAsync();
        const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        await TestNamespace.SendAsync(space.Admin, "create", HttpMethod.Post, Definitions, JsonNode.Parse("""
            { "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": "podcliquesets.grove.io" },
              "spec": { "group": "grove.io", "scope": "Namespaced",
                "names": { "kind": "PodCliqueSet", "plural": "podcliquesets", "singular": "podcliqueset" },
                "versions": [ { "name": "v1alpha1", "served": true, "storage": true, "schema": { "openAPIV3Schema": { "type": "object" } } } ] } }
            """));
        try
        {
            var refused = await Assert.ThrowsAsync<FaultMatrixException>(() =>
                new StandInPlatform(space.Admin, TestNamespace.Manifests) { Grove = true }
                    .InstallAsync(null, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));

            Assert.Equal("FT0407", refused.Code);
            Assert.Contains("this cluster has Grove", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            await TestNamespace.SendAsync(space.Admin, "delete", HttpMethod.Delete, $"{Definitions}/podcliquesets.grove.io", null);
        }
    }

    private static async Task RunAsync(bool grove)
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true, grove);
        using var folder = new TempFolder();
        string[] graphs =
            [.. EngineGraphs.All.Where(graph => graph.Prefill is null && (!grove || graph.Name == OfGrove)).Select(graph => graph.Name)];
        Assert.NotEmpty(graphs);
        var (code, output) = await BuildScript.RunAsync(
            [
                "FaultMatrix", "--scenarios-file", EngineGraphs.Write(folder, "decode_worker_pod", grove),
                "--kubeconfig", RealClusterFactAttribute.Kubeconfig!, "--namespace", space.Name, "--parallelism", "3",
                "--deployment", .. graphs,
            ]);

        Assert.True(code == 0, output);
        var run = RunSummary.Of(output);
        run.AssertBooksAddUp();
        foreach (var name in graphs)
        {
            Assert.StartsWith("Baseline", run.ClassOf($"{name}-none"), StringComparison.Ordinal);
            Assert.StartsWith("Measured", run.ClassOf($"{name}-decode_worker_pod"), StringComparison.Ordinal);
            // Grove's pods of one node: set, replica of the set, component, five letters.
            Assert.Equal(grove, run.PodsOf($"{name}-none").All(pod => pod.Contains("-0-", StringComparison.Ordinal)));
        }

        await space.AssertNothingLeftAsync();
        foreach (var kind in grove ? GroveKinds : [])
        {
            var left = await TestNamespace.SendAsync(space.Admin, "list", HttpMethod.Get, $"/apis/grove.io/v1alpha1/namespaces/{space.Name}/{kind}", null);
            Assert.Empty(left["items"]!.AsArray());
        }

        // The definitions are the cluster's: without them its next operator makes Deployments again.
        var (_, kept) = await new StandInPlatform(space.Admin, TestNamespace.Manifests).UninstallAsync(
            TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Null(kept);
    }
}

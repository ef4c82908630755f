using System.Text.Json.Nodes;
using FaultTolerance;
using FaultTolerance.Cluster;
using FaultTolerance.Deployments.Platform;
using RealCluster.Support;

namespace RealCluster;

/// <summary>InstallStandIn and its counterpart.</summary>
[Collection(nameof(Alone))]
public sealed class StandInPlatformTests
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task InstallAsync_twice_then_UninstallAsync_leaves_nothing_in_the_namespace()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);
        var platform = new StandInPlatform(space.Admin, TestNamespace.Manifests);

        await platform.InstallAsync(null, TimeSpan.FromSeconds(120), Cancellation);
        var (removed, kept) = await platform.UninstallAsync(TimeSpan.FromSeconds(60), Cancellation);

        Assert.Contains("Deployment/stand-in-operator", removed);
        // What is left of this one is no reason to keep the definition; other tests' namespaces may be.
        Assert.DoesNotContain(space.Name, kept ?? "", StringComparison.Ordinal);
        Assert.Equal(kept is null, removed.Any(r => r.StartsWith("CustomResourceDefinition/", StringComparison.Ordinal)));
        foreach (var type in new[] { ResourceType.Deployments, ResourceType.Pods, ResourceType.Roles, ResourceType.RoleBindings })
        {
            Assert.Empty(await space.Admin.ListAsync<JsonObject>(type, default, Cancellation));
        }
    }

    [RealClusterFact]
    public async Task UninstallAsync_keeps_the_definition_that_another_namespace_needs()
    {
        await using var other = await TestNamespace.CreateAsync(standIn: true);
        await using var space = await TestNamespace.CreateAsync(standIn: true);

        var (_, kept) = await new StandInPlatform(space.Admin, TestNamespace.Manifests).UninstallAsync(
            TimeSpan.FromSeconds(60),
            Cancellation
        );

        Assert.Contains(other.Name, kept, StringComparison.Ordinal);
        Assert.NotEmpty(await other.Admin.ServedVersionsAsync("nvidia.com", Cancellation));
    }

    [RealClusterFact]
    public async Task InstallAsync_beside_a_Dynamo_platform_refuses()
    {
        await using var space = await TestNamespace.CreateAsync();
        const string Foreign = "dynamocomponentdeployments.nvidia.com";
        await TestNamespace.SendAsync(
            space.Admin,
            "create",
            HttpMethod.Post,
            Definitions,
            JsonNode.Parse(
                $$"""
                { "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": "{{Foreign}}" },
                  "spec": { "group": "nvidia.com", "scope": "Namespaced",
                    "names": { "kind": "DynamoComponentDeployment", "plural": "dynamocomponentdeployments", "singular": "dynamocomponentdeployment" },
                    "versions": [ { "name": "v1alpha1", "served": true, "storage": true, "schema": { "openAPIV3Schema": { "type": "object" } } } ] } }
                """
            )
        );
        try
        {
            while (!await IsServedAsync(space.Admin))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
            }

            var refused = await Assert.ThrowsAsync<FaultMatrixException>(() =>
                new StandInPlatform(space.Admin, TestNamespace.Manifests).InstallAsync(null, TimeSpan.FromSeconds(60), Cancellation)
            );

            Assert.Equal("FT0407", refused.Code);
            Assert.Contains(Foreign, refused.Message, StringComparison.Ordinal);
            Assert.Empty(await space.Admin.ListAsync<JsonObject>(ResourceType.Deployments, default, Cancellation));
        }
        finally
        {
            await TestNamespace.SendAsync(space.Admin, "delete", HttpMethod.Delete, $"{Definitions}/{Foreign}", null);
            while (await IsServedAsync(space.Admin))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
            }
        }
    }

    private static async Task<bool> IsServedAsync(ClusterSession session)
    {
        try
        {
            var list = await TestNamespace.SendAsync(session, "get", HttpMethod.Get, "/apis/nvidia.com/v1alpha1", null);
            return list["resources"]!.AsArray().Any(r => r!["name"]!.GetValue<string>() == "dynamocomponentdeployments");
        }
        catch (ClusterException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}

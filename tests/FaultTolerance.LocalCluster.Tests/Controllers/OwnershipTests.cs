using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;
using FaultTolerance.LocalCluster.Tests.Kubelet;

namespace FaultTolerance.LocalCluster.Tests.Controllers;

public sealed class OwnershipTests
{
    private static readonly ResourceType Graphs = new("nvidia.com", "dynamographdeployments");

    [Fact]
    public async Task Owner_deleted_in_the_background_takes_its_dependents_with_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        var owner = DefineGraph(cluster);
        var map = Owned(cluster, "map", owner);
        cluster.Store.Remove(new ResourceId(Graphs, "ns", "graph"));
        await cluster.WaitAsync(map, o => o is null);
    }

    [Fact]
    public async Task Owner_deleted_in_the_foreground_goes_last()
    {
        await using var cluster = await TestCluster.StartAsync();
        var owner = DefineGraph(cluster);
        var map = Owned(cluster, "map", owner);
        var id = new ResourceId(Graphs, "ns", "graph");
        cluster.Store.Update(id, o =>
        {
            o.Metadata()["finalizers"] = new JsonArray("foregroundDeletion");
            return o;
        });
        Deletion.Begin(cluster.Store, id, TimeProvider.System);
        await cluster.WaitAsync(id, o => o is null);
        Assert.Null(cluster.Store.Get(map));
    }

    [Fact]
    public async Task Orphaned_dependents_stay_without_their_owner()
    {
        await using var cluster = await TestCluster.StartAsync();
        var map = Owned(cluster, "map", DefineGraph(cluster));
        var id = new ResourceId(Graphs, "ns", "graph");
        cluster.Store.Update(id, o =>
        {
            o.Metadata()["finalizers"] = new JsonArray("orphan");
            return o;
        });
        Deletion.Begin(cluster.Store, id, TimeProvider.System);
        await cluster.WaitAsync(id, o => o is null);
        Assert.Empty(cluster.Store.Get(map).Maps("metadata", "ownerReferences"));
    }

    [Fact]
    public async Task Namespace_is_given_its_account_and_emptied_before_it_goes()
    {
        await using var cluster = await TestCluster.StartAsync();
        var ns = new ResourceId(Resources.Namespaces, "", "ns");
        cluster.Store.Create(ns, new JsonObject { ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") } });
        await cluster.WaitAsync(new ResourceId(Resources.ServiceAccounts, "ns", "default"), o => o is not null);
        cluster.CreatePod("a", "exec sleep 1000", p => p["spec"]!["terminationGracePeriodSeconds"] = 1);
        await cluster.WaitReadyAsync("a");
        Deletion.Begin(cluster.Store, ns, TimeProvider.System);
        await cluster.WaitAsync(ns, o => o is null);
        Assert.Empty(cluster.Store.List(Resources.Pods, "ns").Items);
        Assert.Empty(cluster.Store.List(Resources.ServiceAccounts, "ns").Items);
    }

    [Fact]
    public async Task Service_endpoints_follow_a_killed_pod()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Store.Create(
            new ResourceId(Resources.Services, "ns", "svc"),
            JsonNode.Parse("""{"spec":{"selector":{"app":"test"},"ports":[{"port":80,"targetPort":8000}]}}""")!.AsObject());
        cluster.CreatePod("a", "exec sleep 1000");
        var endpoints = new ResourceId(Resources.Endpoints, "ns", "svc");
        var ip = (await cluster.WaitReadyAsync("a")).Text("status", "podIP");
        await cluster.WaitAsync(endpoints, e => e.Maps("subsets").SelectMany(s => s.Maps("addresses")).Any(a => a.Text("ip") == ip));
        Deletion.Begin(cluster.Store, TestCluster.Id("a"), TimeProvider.System);
        await cluster.WaitAsync(endpoints, e => !e.Maps("subsets").Any());
    }

    private static JsonObject DefineGraph(TestCluster cluster)
    {
        cluster.Store.Create(
            new ResourceId(Resources.CustomResourceDefinitions, "", "dynamographdeployments.nvidia.com"),
            JsonNode
                .Parse(
                    """{"spec":{"group":"nvidia.com","scope":"Namespaced","names":{"plural":"dynamographdeployments","kind":"DynamoGraphDeployment"}}}"""
                )!
                .AsObject()
        );
        return cluster.Store.Create(new ResourceId(Graphs, "ns", "graph"), []);
    }

    private static ResourceId Owned(TestCluster cluster, string name, JsonObject owner)
    {
        var id = new ResourceId(Resources.ConfigMaps, "ns", name);
        cluster.Store.Create(id, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "nvidia.com/v1alpha1", ["kind"] = "DynamoGraphDeployment", ["name"] = "graph", ["uid"] = owner.Uid(), ["controller"] = true, ["blockOwnerDeletion"] = true,
                }),
            },
        });
        return id;
    }
}

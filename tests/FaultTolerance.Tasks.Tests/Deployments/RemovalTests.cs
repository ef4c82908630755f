using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FaultTolerance.Deployments;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Tests.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Deployments;

public sealed class RemovalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Remove_deletes_the_graph_and_leaves_somebody_elses()
    {
        await using var cluster = await FakeCluster.StartAsync();
        TestGraph.Control(cluster);
        cluster.Put("deployments", TestGraph.Deployment());
        cluster.Put("deployments", TestGraph.Deployment(ours: false, name: "theirs"));
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a"));

        await RemoveAsync(cluster);

        Assert.Equal(["theirs"], cluster.Names("deployments"));
        Assert.Empty(cluster.Names("pods"));
    }

    [Fact]
    public async Task Remove_of_an_object_that_somebody_else_put_in_our_place_leaves_it()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("deployments", TestGraph.Deployment(ours: false));

        await RemoveAsync(cluster);

        Assert.Equal([TestGraph.Name], cluster.Names("deployments"));
        Assert.DoesNotContain(cluster.Api.Requests, request => request.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Remove_goes_by_uid()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("deployments", TestGraph.Deployment());
        cluster.Before = async http =>
        {
            if (http.Request.Method == "DELETE" && cluster.Get("deployments", TestGraph.Name)!["theirs"] is null)
            {
                // Between our look and our delete somebody else takes the name.
                cluster.Remove("deployments", TestGraph.Name);
                cluster.Put("deployments", TestGraph.Deployment())["theirs"] = true;
            }

            return await Task.FromResult(false);
        };

        await RemoveAsync(cluster);

        Assert.Equal([TestGraph.Name], cluster.Names("deployments"));
    }

    [Fact]
    public async Task Remove_ends_though_the_watch_says_nothing()
    {
        await using var cluster = await FakeCluster.StartAsync();
        TestGraph.Control(cluster);
        cluster.Put("deployments", TestGraph.Deployment());
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a"));
        cluster.Before = async http => http.Request.Query.ContainsKey("watch") && await ListWatchTests.Forever(http);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var graph = new TestGraph(time);
        using var session = await cluster.ConnectAsync(time);
        await using var watch = await graph.WatchAsync(session);

        await time.PumpAsync(new GraphRemover(session, graph.Log).RemoveAsync(watch, TimeSpan.FromSeconds(60), Cancellation), seconds: 30);

        Assert.Empty(watch.Pods);
        Assert.Contains("FT0320", graph.TimelineText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_that_a_finalizer_holds_up_says_so_while_it_waits_and_at_the_end()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var held = TestGraph.Deployment();
        held["metadata"]!["finalizers"] = new JsonArray("example.com/never\u001b[31m");
        cluster.Put("deployments", held);
        var said = new ConcurrentQueue<string>();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var graph = new TestGraph(time);
        using var session = await cluster.ConnectAsync(time);
        await using var watch = await graph.WatchAsync(session);

        var e = await Assert.ThrowsAsync<FaultMatrixException>(() => time.PumpAsync(
            new GraphRemover(session, graph.Log, said.Enqueue).RemoveAsync(watch, PumpedTime.Long, Cancellation)));

        Assert.Equal("FT0405", e.Code);
        Assert.Contains("example.com/never", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', e.Message);
        Assert.Contains(said, text => text.Contains("example.com/never", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sweep_takes_what_carries_both_labels_and_nothing_else()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("deployments", TestGraph.Deployment());
        cluster.Put("pods", TestGraph.Pod("ours"));
        foreach (
            var (name, label, value) in new[]
            {
                ("one", GraphLabels.ManagedBy, GraphLabels.ManagedByValue),
                ("two", GraphLabels.Run, "r1"),
                ("three", GraphLabels.ManagedBy, "helm"),
            }
        )
        {
            var pod = TestGraph.Pod(name, ours: false);
            pod["metadata"]!["labels"] = new JsonObject { [label] = value };
            cluster.Put("pods", pod);
        }

        using var session = await cluster.ConnectAsync();
        var removed = await new LeftoverSweep(session).RemoveAsync(null, TimeSpan.FromSeconds(10), Cancellation);

        Assert.Equal(["Deployment/ft-small", "Pod/ours"], removed);
        Assert.Equal(["one", "three", "two"], cluster.Names("pods"));
    }

    [Fact]
    public async Task Sweep_of_one_run_leaves_the_others()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var other = TestGraph.Deployment(name: "of-r2");
        other["metadata"]!["labels"] = TestGraph.Labels(run: "r2");
        cluster.Put("deployments", TestGraph.Deployment());
        cluster.Put("deployments", other);

        using var session = await cluster.ConnectAsync();
        Assert.Equal(["Deployment/ft-small"], await new LeftoverSweep(session).RemoveAsync("r1", TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public async Task Sweep_of_a_kind_goes_by_the_types_that_it_owns_in_their_order()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Groups["toys.example"] = ["v2"];
        foreach (var (plural, name) in new[] { ("strings", "string"), ("toys", "toy"), ("pods", "pod"), ("deployments", "not-a-toy") })
        {
            cluster.Put(
                plural,
                new JsonObject
                {
                    ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = TestGraph.Labels() },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject()) },
                }
            );
        }

        using var session = await cluster.ConnectAsync();
        var removed = await new LeftoverSweep(session, new GraphKinds(new ToyGraphKind())).RemoveAsync(
            null,
            TimeSpan.FromSeconds(10),
            Cancellation
        );

        Assert.Equal(["Toy/toy", "String/string", "Pod/pod"], removed);
        Assert.Equal(["not-a-toy"], cluster.Names("deployments"));
    }

    [Fact]
    public void Rights_of_a_graph_are_those_of_the_types_that_it_owns_and_creates()
    {
        var kind = new ToyGraphKind();
        var manifest = Manifest.Parse("toy.yaml", "apiVersion: toys.example/v2\nkind: Toy\nmetadata: {name: x}");
        var graph = kind.Build(
            manifest,
            "ft-toy",
            new FaultTolerance.Scenarios.Deployment { Name = "toy", Manifest = "toy.yaml" },
            new GraphOwner("r1", "toy-none", "ft"),
            ["v2"]
        );

        Assert.Equal(["get", "list", "watch", "create", "delete"], graph.Rights.Select(r => r.Verb));
        Assert.All(graph.Rights, right => Assert.Equal("toys.toys.example", right.ResourceName));
    }

    [Fact]
    public async Task Removal_of_a_kind_of_its_own_needs_nothing_but_the_kind()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Groups["toys.example"] = ["v2"];
        cluster.Put("toys", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "ft-toy", ["labels"] = TestGraph.Labels() } });
        using var session = await cluster.ConnectAsync();
        var graph = new Graph("ft-toy", new ToyGraphKind(), [], [new GraphObject(ToyGraphKind.Toys, cluster.Get("toys", "ft-toy")!)]);
        await using var watch = await FaultTolerance.Graphs.Pods.GraphWatch.StartAsync(session, graph, null, Cancellation);

        await new GraphRemover(session).RemoveAsync(watch, TimeSpan.FromSeconds(10), Cancellation);

        Assert.Empty(cluster.Names("toys"));
    }

    private static async Task RemoveAsync(FakeCluster cluster)
    {
        using var graph = new TestGraph();
        using var session = await cluster.ConnectAsync();
        await using var watch = await graph.WatchAsync(session);
        await new GraphRemover(session, graph.Log).RemoveAsync(watch, TimeSpan.FromSeconds(10), Cancellation);
    }
}

using System.Text.Json.Nodes;
using FaultTolerance.Deployments;
using FaultTolerance.Tests.Cluster;

namespace FaultTolerance.Tests.Deployments;

public sealed class GraphDeployerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deploy_returns_the_model_that_answers_and_writes_startup()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Before = TestTransport.ServeAsync;
        TestGraph.Control(cluster);

        var (deployed, error) = await DeployAsync(cluster, out var graph);

        using (graph)
        {
            Assert.Null(error);
            Assert.Equal("M", deployed!.Model);
            Assert.Contains("deployment.ready", graph.TimelineText, StringComparison.Ordinal);
            Assert.DoesNotContain("FT0", graph.TimelineText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Deploy_over_an_object_of_somebody_elses_changes_nothing()
    {
        await using var cluster = await FakeCluster.StartAsync();
        TestGraph.Control(cluster);
        var theirs = cluster.Put("deployments", TestGraph.Deployment(ours: false));
        var version = theirs["metadata"]!["resourceVersion"]!.ToString();

        var (_, error) = await DeployAsync(cluster, out var graph);

        graph.Dispose();
        Assert.Equal("FT0410", error?.Code);
        Assert.Contains("Deployment 'ft-small'", error!.Message, StringComparison.Ordinal);
        Assert.Equal(version, cluster.Get("deployments", TestGraph.Name)!["metadata"]!["resourceVersion"]!.ToString());
        Assert.All(cluster.Api.Requests, request => Assert.StartsWith("GET", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deploy_replaces_what_an_earlier_run_of_this_tool_left()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Before = TestTransport.ServeAsync;
        TestGraph.Control(cluster);
        var before = cluster.Put("deployments", TestGraph.Deployment())["metadata"]!["uid"]!.ToString();

        var (_, error) = await DeployAsync(cluster, out var graph);

        graph.Dispose();
        Assert.Null(error);
        Assert.NotEqual(before, cluster.Get("deployments", TestGraph.Name)!["metadata"]!["uid"]!.ToString());
    }

    [Fact]
    public async Task Deploy_beside_a_strangers_pod_with_the_graphs_label_is_told_before_anything_is_made()
    {
        await using var cluster = await FakeCluster.StartAsync();
        TestGraph.Control(cluster);
        cluster.Put("pods", TestGraph.Pod("their-pod", ours: false));

        var (_, error) = await DeployAsync(cluster, out var graph);

        graph.Dispose();
        Assert.Equal("FT0410", error?.Code);
        Assert.Contains("Pod 'their-pod'", error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(cluster.Api.Requests, request => !request.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deploy_where_a_strangers_Service_has_the_operators_name_is_told_before_anything_is_made()
    {
        await using var cluster = await FakeCluster.StartAsync();
        TestGraph.Control(cluster);
        foreach (var plural in new[] { "services", "endpoints" })
        {
            cluster.Put(plural, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "ft-small-decode" } });
        }

        var (_, error) = await DeployAsync(cluster, out var graph);

        graph.Dispose();
        Assert.Equal("FT0410", error?.Code);
        Assert.Contains("Service 'ft-small-decode'", error!.Message, StringComparison.Ordinal);
        Assert.Empty(cluster.Names("deployments"));
    }

    [Theory]
    [InlineData("""{"waiting":{"reason":"InvalidImageName","message":"couldn't parse image"}}""", 0, "InvalidImageName")]
    [InlineData(
        """{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":150,"reason":"Error"}}""",
        3,
        "exit code 150"
    )]
    public async Task Deploy_of_what_cannot_start_ends_at_once_and_says_why(string state, int restarts, string why)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Created = (plural, _) =>
        {
            if (plural == "deployments")
            {
                cluster.Put("pods", TestGraph.Pod("ft-small-decode-a", state: state, restarts: restarts, ready: false));
            }
        };

        var (_, error) = await DeployAsync(cluster, out var graph);

        graph.Dispose();
        Assert.Equal("FT0411", error?.Code);
        Assert.Contains(why, error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_whose_operator_crashes_ends_and_names_the_operator()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var operators = TestGraph.Pod(
            "stand-in-operator-a",
            state: """{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":127,"reason":"StartError"}}""",
            restarts: 4,
            ready: false
        );
        operators["metadata"]!["labels"] = new JsonObject { ["app.kubernetes.io/part-of"] = "faultmatrix-stand-in" };
        cluster.Put("pods", operators);

        var (_, error) = await DeployAsync(cluster, out var graph);

        graph.Dispose();
        Assert.Equal("FT0411", error?.Code);
        Assert.Contains("operator", error!.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 127", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_whose_create_was_done_and_the_answer_lost_goes_on()
    {
        await using var cluster = await FakeCluster.StartAsync();
        TestGraph.Control(cluster);
        var creates = 0;
        cluster.Before = async http =>
        {
            if (
                http.Request.Method == "POST"
                && http.Request.Path.Value!.EndsWith("/deployments", StringComparison.Ordinal)
                && Interlocked.Increment(ref creates) == 1
            )
            {
                var item = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: Cancellation))!.AsObject();
                cluster.Created("deployments", cluster.Put("deployments", item));
                return await Trouble.DropAsync(http);
            }

            return await TestTransport.ServeAsync(http);
        };

        var (deployed, error) = await DeployAsync(cluster, out var graph);

        graph.Dispose();
        Assert.Null(error);
        Assert.NotNull(deployed);
        Assert.Equal(1, creates);
    }

    [Fact]
    public async Task Deploy_whose_graph_somebody_deletes_says_so()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Created = (plural, _) => cluster.Remove(plural, TestGraph.Name);

        var (_, error) = await DeployAsync(cluster, out var graph);

        graph.Dispose();
        Assert.Contains(error?.Code, new[] { "FT0402", "FT0403" });
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"data":[{"id":7}]}""")]
    [InlineData("<html>")]
    public async Task Deploy_whose_frontend_lists_odd_models_waits_and_says_so(string models)
    {
        await using var cluster = await FakeCluster.StartAsync();
        TestGraph.Control(cluster);
        cluster.Before = async http => http.Request.Path == "/v1/models" && await FakeApi.JsonAsync(http, models);

        var (_, error) = await DeployAsync(cluster, out var graph, timeout: 2);

        graph.Dispose();
        Assert.Equal("FT0402", error?.Code);
        Assert.Contains("waiting for the model to answer", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_whose_objects_are_not_all_ready_names_each_that_is_not_and_none_that_is()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Created = (plural, item) =>
        {
            var name = item["metadata"]!["name"]!.ToString();
            item["status"] = name == TestGraph.Name
                ? new JsonObject { ["observedGeneration"] = 1, ["updatedReplicas"] = 1, ["availableReplicas"] = 1 } : new JsonObject();
            cluster.Put(plural, item);
        };
        using var graph = new TestGraph(more: ["ft-half", "ft-new"]);

        var (_, error) = await DeployAsync(cluster, graph, timeout: 3);

        Assert.Equal("FT0402", error?.Code);
        var told = error!.Message.Split("waiting for ")[1].Split("; ");
        Assert.StartsWith("Deployment 'ft-half', ", told[0], StringComparison.Ordinal);
        Assert.StartsWith("Deployment 'ft-new', ", told[1], StringComparison.Ordinal);
        Assert.DoesNotContain($"Deployment '{TestGraph.Name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_of_a_graph_that_says_failed_and_then_successful_goes_on()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Before = TestTransport.ServeAsync;
        TestGraph.Control(cluster);
        var ready = cluster.Created;
        cluster.Created = (plural, item) =>
        {
            item["status"] = new JsonObject { ["state"] = "failed" };
            cluster.Put(plural, item.DeepClone().AsObject());
            item.Remove("status");
            ready(plural, item);
        };
        using var graph = new TestGraph(kind: new FailingGraphKind());

        var (deployed, error) = await DeployAsync(cluster, graph, timeout: 20);

        Assert.Null(error);
        Assert.NotNull(deployed);
        // The first state may be over before the watch has begun.
        Assert.Contains("\"well\"]", graph.TimelineText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_of_a_graph_that_goes_on_saying_failed_ends_with_its_message()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Created = (plural, item) =>
        {
            item["status"] = new JsonObject { ["state"] = "failed" };
            cluster.Put(plural, item);
        };
        using var graph = new TestGraph(kind: new FailingGraphKind());

        var (_, error) = await DeployAsync(cluster, graph, timeout: 20, failedPatience: 0.5);

        Assert.Equal("FT0403", error?.Code);
        Assert.Contains("without a break, it says so", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Graph_that_says_failed_again_and_again_is_told_once_with_since_when()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var graph = new TestGraph(kind: new FailingGraphKind());
        using var again = new CancellationTokenSource();
        var saying = Task.CompletedTask;
        cluster.Created = (plural, item) =>
        {
            item["status"] = new JsonObject { ["state"] = "failed" };
            cluster.Put(plural, item);
            saying = SayAsync(plural, item);
        };
        var told = new List<string>();

        var (_, error) = await DeployAsync(cluster, graph, timeout: 20, failedPatience: 1.5, told.Add);
        await again.CancelAsync();
        await saying;

        Assert.Equal("FT0403", error?.Code);
        Assert.Matches(
            @"^Deployment 'ft-small' says since \d\d:\d\d:\d\dZ that it failed, it says so; it ends the row after 2 s without a break$",
            Assert.Single(told, line => line.Contains("says since", StringComparison.Ordinal)));

        // The operator tries again, and each time the object changes.
        async Task SayAsync(string plural, JsonObject item)
        {
            for (var i = 0; !again.IsCancellationRequested; i++)
            {
                var next = item.DeepClone().AsObject();
                next["status"]!["tries"] = i;
                cluster.Put(plural, next);
                await Task.Delay(TimeSpan.FromMilliseconds(50), again.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static Task<(DeployedGraph? Deployed, FaultMatrixException? Error)> DeployAsync(
        FakeCluster cluster,
        out TestGraph graph,
        double timeout = 20
    )
    {
        graph = new TestGraph();
        return DeployAsync(cluster, graph, timeout);
    }

    private static async Task<(DeployedGraph? Deployed, FaultMatrixException? Error)> DeployAsync(
        FakeCluster cluster,
        TestGraph graph,
        double timeout,
        double failedPatience = 120,
        Action<string>? waiting = null
    )
    {
        using var session = await cluster.ConnectAsync();
        await using var watch = await graph.WatchAsync(session);
        await using var transport = new TestTransport(watch, cluster.Api);
        try
        {
            var deployer = new GraphDeployer(session, watch, transport, graph.Log, graph.Timeline, waiting)
            {
                FailedPatience = TimeSpan.FromSeconds(failedPatience),
            };
            return (await deployer.DeployAsync(null, TimeSpan.FromSeconds(timeout), Cancellation), null);
        }
        catch (FaultMatrixException e)
        {
            return (null, e);
        }
    }
}

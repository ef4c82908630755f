using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Deployments;
using k8s;
using k8s.Models;

namespace FaultTolerance.Tests.Graphs.Pods;

/// <summary>What the watch writes down of somebody else's deletions.</summary>
public sealed class OwnerObserverTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "while the run went on\"")]
    [InlineData(
        """{"kind":"Namespace","metadata":{"name":"ft","deletionTimestamp":"2026-01-01T00:00:00Z"}}""",
        "namespace 'ft' is being removed"
    )]
    [InlineData("", "namespace 'ft' is gone")]
    public async Task Graph_that_somebody_deletes_statewritten_down_with_what_became_of_the_namespace(string? space, string words)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("deployments", TestGraph.Deployment());
        using var graph = new TestGraph();
        using var session = await cluster.ConnectAsync();
        cluster.Before = async http =>
            space is not null
            && http.Request.Path == "/api/v1/namespaces/ft"
            && (space.Length > 0 ? await FakeApi.JsonAsync(http, space) : await FakeApi.StatusAsync(http, 404, "NotFound", "gone"));
        await using var watch = await graph.WatchAsync(session);
        watch.ExpectStay();
        await UntilAsync(() =>
            cluster.Api.Requests.Any(r =>
                r.Contains("/deployments?", StringComparison.Ordinal) && r.Contains("watch=", StringComparison.Ordinal)
            )
        );

        cluster.Remove("deployments", TestGraph.Name);

        await graph.WhenToldAsync("FT0412", Cancellation);
        Assert.Contains(words.Replace("'", "\\u0027", StringComparison.Ordinal), graph.TimelineText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1alpha1", """{"services":{"VllmDecodeWorker":{"replicas":3},"Frontend":{"replicas":1}}}""")]
    [InlineData("v1beta1", """{"components":[{"name":"VllmDecodeWorker","replicas":3},{"name":"Frontend","replicas":1}]}""")]
    public async Task Count_that_a_planner_changes_statean_event_with_the_number_before(string version, string spec)
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var folder = new TestGraph();
        using var session = await cluster.ConnectAsync();
        var labels = TestGraph.Labels().ToJsonString();
        JsonObject Graph(string state) => JsonNode.Parse(
            $$"""{"apiVersion":"nvidia.com/{{version}}","kind":"DynamoGraphDeployment","metadata":{"name":"g","labels":{{labels}}},"spec":{{state}}}""")!.AsObject();
        var asked = spec.Replace("3", "1", StringComparison.Ordinal);
        var type = ResourceType.DynamoGraphDeployments(version);
        var graph = new FaultTolerance.Graphs.Graph(
            "g", new DynamoGraphKind(), [new GraphService("Frontend", "frontend", 1), new GraphService("VllmDecodeWorker", "decode", 1)],
            [new GraphObject(type, Graph(asked))]);
        cluster.Put(type.Plural, Graph(asked));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = new OwnerObserver(session, graph, () => false).RunAsync(new WatchRecord(folder.Timeline), stop.Token);

        cluster.Put(type.Plural, Graph(spec));
        await folder.WhenToldAsync("\"event\":\"replicas\"", Cancellation);

        var told = Assert.Single(Timeline.Read(folder.Folder.Timeline).Of<ReplicasChanged>());
        Assert.Equal(("VllmDecodeWorker", 1L, 3L), (told.Service, told.Before, told.Wanted));
        await stop.CancelAsync();
        Assert.IsAssignableFrom<OperationCanceledException>(await Record.ExceptionAsync(() => running));
    }

    [Fact]
    public void Deletion_of_a_pod_tells_who_asked_for_it_where_the_pod_says_it()
    {
        var before = KubernetesJson.Deserialize<V1Pod>(TestGraph.Pod("a").ToJsonString());
        var after = KubernetesJson.Deserialize<V1Pod>(TestGraph.Pod("a").ToJsonString());
        after.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        after.Status.Conditions.Add(new V1PodCondition { Type = "DisruptionTarget", Status = "True", Reason = "PreemptionByScheduler" });

        Assert.Equal(
            "PreemptionByScheduler",
            Assert.Single(PodTransitions.Between(before, after), t => t.Change == FaultTolerance.Artefacts.Events.PodChange.Terminating).Reason
        );
    }

    // Another's flow: only looking tells.

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }
}

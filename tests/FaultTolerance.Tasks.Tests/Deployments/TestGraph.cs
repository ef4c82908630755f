using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Runs;
using FaultTolerance.Tests.Cluster;

namespace FaultTolerance.Tests.Deployments;

/// <summary>A plain graph of one Deployment with one pod, and the files of its scenario.</summary>
internal sealed class TestGraph : IDisposable
{
    public const string Name = "ft-small";
    private readonly RunClock _clock;

    public TestGraph(TimeProvider? time = null, IGraphKind? kind = null, params string[] more)
    {
        _clock = RunClock.Start(time ?? TimeProvider.System);
        Folder = new ScenarioFolder(Directory.CreateTempSubdirectory("graph-").FullName);
        Log = new TestLog(Folder.TestLog, _clock);
        Timeline = new TimelineWriter(Folder.Timeline, _clock);
        Graph = new Graph(Name, kind ?? new PlainGraphKind(), [new GraphService("decode", GraphRoles.Frontend, 1)], 
            [.. more.Prepend(Name).Select(name => new GraphObject(ResourceType.Deployments, Deployment(name: name)))]);
    }

    public ScenarioFolder Folder { get; }

    public TestLog Log { get; }

    public TimelineWriter Timeline { get; }

    public Graph Graph { get; }

    public RunClock Clock => _clock;

    public string TimelineText => File.ReadAllText(Folder.Timeline);

    /// <summary>When the timeline tells of this; within 30 s, or the test is cancelled.</summary>
    public async Task WhenToldAsync(string text, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!TimelineText.Contains(text, StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    public Task<GraphWatch> WatchAsync(ClusterSession session) => GraphWatch.StartAsync(session, Graph, Timeline, TestContext.Current.CancellationToken);

    /// <summary>Has the cluster do as its controllers would: a Deployment makes a ready pod, and its end is the pod's.</summary>
    public static void Control(FakeCluster cluster)
    {
        cluster.Created = (plural, item) =>
        {
            if (plural == "deployments")
            {
                item["status"] = new JsonObject { ["observedGeneration"] = 1, ["updatedReplicas"] = 1, ["availableReplicas"] = 1 };
                cluster.Put("deployments", item);
                cluster.Put("pods", Pod($"{Name}-decode-a"));
            }
        };
        cluster.Deleted = (plural, _) =>
        {
            if (plural == "deployments")
            {
                foreach (var pod in cluster.Names("pods"))
                {
                    cluster.Remove("pods", pod);
                }
            }
        };
    }

    public static JsonObject Labels(bool ours = true, string run = "r1") => ours
        ? new JsonObject { [GraphLabels.ManagedBy] = GraphLabels.ManagedByValue, [GraphLabels.Run] = run, [GraphLabels.Graph] = Name, [GraphLabels.Service] = "decode" }
        : new JsonObject { [GraphLabels.Graph] = Name, [GraphLabels.Service] = "decode" };

    public static JsonObject Deployment(bool ours = true, string name = Name) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = Labels(ours), ["generation"] = 1 },
        ["spec"] = new JsonObject { ["replicas"] = 1 },
    };

    public static JsonObject Pod(string name, bool ours = true, string state = """{"running":{"startedAt":"2026-01-01T00:00:00Z"}}""", int restarts = 0, bool ready = true) => JsonNode.Parse($$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}","creationTimestamp":"2026-01-01T00:00:00Z","labels":{{{Labels(ours).ToJsonString()}}}},
         "spec":{"containers":[{"name":"main","image":"x"}]},
         "status":{"phase":"Running","podIP":"127.0.0.9","conditions":[{"type":"Ready","status":"{{{(ready ? "True" : "False")}}}"}],
           "containerStatuses":[{"name":"main","image":"x","imageID":"x","ready":true,"restartCount":{{{restarts}}},"state":{{{state}}}}]}}
        """)!.AsObject();

    public void Dispose()
    {
        Log.Dispose();
        Timeline.Dispose();
        Directory.Delete(Folder.Path, recursive: true);
    }
}

using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Grove;
using FaultTolerance.StandIn.Operator;
using FaultTolerance.StandIn.Tests.Operator;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

/// <summary>The operator where the stand-in's Grove is installed, and where a real one is.</summary>
public sealed class GroveTests : IAsyncLifetime
{
    private const string Graph = "/apis/nvidia.com/v1alpha1/namespaces/ft/dynamographdeployments";
    private const string Pods = "/api/v1/namespaces/ft/pods";
    private const string Cliques = "/apis/grove.io/v1alpha1/namespaces/ft/podcliques";
    private FakeKubernetes? _kubernetes;
    private StandInProcess? _operator;

    private FakeKubernetes Kubernetes => _kubernetes!;

    public async ValueTask InitializeAsync()
    {
        _kubernetes = await FakeKubernetes.StartAsync(
            new IPAddress([127, 18, (byte)(1 + (Environment.ProcessId % 250)), (byte)(1 + (Environment.TickCount64 % 250))]),
            18082
        );
        Kubernetes.Put(
            "/apis",
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "nvidia.com" },
                ["versions"] = new JsonArray(new JsonObject { ["version"] = "v1alpha1" }),
            }
        );
    }

    [Fact]
    public async Task Graph_becomesCliquesAndPods_oneThatGoesIsMadeAnew_andItsStatusFollows()
    {
        Start(GroveNames.Category);
        Kubernetes.Put(Graph, Graphs.Alpha());
        await Eventually.TrueAsync(() => PodNames().Count == 3, "three pods");
        Assert.Equal(
            ["graph-0-frontend", "graph-0-vllmprefillworker", "graph-0-vllmprefillworker"],
            PodNames().Select(name => name[..^6]));
        Assert.Equal("PodCliqueSet", Kubernetes.Get($"{Cliques}/graph-0-frontend").At("metadata", "ownerReferences")![0].At("kind").Text());
        await Eventually.TrueAsync(() => State() == "pending", "pending");

        PodNames().ForEach(Ready);
        await Eventually.TrueAsync(() => State() == "successful", "successful");
        Assert.Equal(
            "PodClique",
            Kubernetes.Get($"{Graph}/graph").At("status", "services", "Frontend", "componentKind").Text());

        var victim = PodNames()[1];
        Kubernetes.Delete(Pods, victim);
        await Eventually.TrueAsync(() => PodNames().Count == 3 && !PodNames().Contains(victim, StringComparer.Ordinal), "another pod");
        await Eventually.TrueAsync(() => State() == "pending", "pending again");
    }

    [Fact]
    public async Task Graph_ofSeveralNodes_isSuccessfulWhenEachNodeIsReady()
    {
        Start(GroveNames.Category);
        var graph = Graphs.Alpha();
        graph["spec"]!["services"]!["VllmPrefillWorker"]!["multinode"] = new JsonObject { ["nodeCount"] = 2 };
        Kubernetes.Put(Graph, graph);
        await Eventually.TrueAsync(() => PodNames().Count == 5, "two leaders, two workers and a frontend");

        PodNames().Where(name => !name.Contains("-1-vllmprefillworker-wkr-", StringComparison.Ordinal)).ToList().ForEach(Ready);
        await Eventually.TrueAsync(
            () => Kubernetes.Get($"{Graph}/graph").At("status", "services", "VllmPrefillWorker", "availableReplicas").Number() == 1,
            "one replica is whole");
        Assert.Equal("pending", State());

        PodNames().ForEach(Ready);
        await Eventually.TrueAsync(() => State() == "successful", "successful");
        Assert.Equal(
            "PodCliqueScalingGroup",
            Kubernetes.Get($"{Graph}/graph").At("status", "services", "VllmPrefillWorker", "componentKind").Text());
    }

    [Fact]
    public async Task Graph_besideARealGrove_becomesDeployments()
    {
        Start("grove");
        Kubernetes.Put(Graph, Graphs.Alpha());

        await Eventually.TrueAsync(() => Kubernetes.Get("/apis/apps/v1/namespaces/ft/deployments/graph-frontend") is not null, "a Deployment");
        Assert.Empty(PodNames());
    }

    public async ValueTask DisposeAsync()
    {
        await _operator!.DisposeAsync();
        await Kubernetes.DisposeAsync();
    }

    private void Start(string category)
    {
        Kubernetes.Put(
            "/apis/grove.io",
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "v1alpha1" },
                ["resources"] = new JsonArray(new JsonObject { ["name"] = GroveNames.Sets, ["categories"] = new JsonArray(category) }),
            }
        );
        _operator = StandInProcess.Start(
            "stand-in",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["STANDIN_KUBERNETES_URL"] = Kubernetes.Address!.ToString() },
            "operator",
            "--namespace",
            "ft"
        );
    }

    private string? State() => Kubernetes.Get($"{Graph}/graph").At("status", "state").Text();

    private List<string> PodNames() => [.. Kubernetes.Names(Pods).Order(StringComparer.Ordinal)];

    private void Ready(string name)
    {
        var pod = Kubernetes.Get($"{Pods}/{name}")!;
        pod["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
        };
        Kubernetes.Put(Pods, pod);
    }
}

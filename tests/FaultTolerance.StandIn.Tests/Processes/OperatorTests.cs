using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Operator;
using FaultTolerance.StandIn.Tests.Operator;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

public sealed class OperatorTests : IAsyncLifetime
{
    private const string Graph = "/apis/nvidia.com/v1alpha1/namespaces/ft/dynamographdeployments";
    private const string Deployments = "/apis/apps/v1/namespaces/ft/deployments";
    private const string Services = "/api/v1/namespaces/ft/services";
    private FakeKubernetes? _kubernetes;
    private StandInProcess? _operator;

    private FakeKubernetes Kubernetes => _kubernetes!;

    public async ValueTask InitializeAsync()
    {
        _kubernetes = await FakeKubernetes.StartAsync(
            new IPAddress([127, 19, (byte)(1 + (Environment.ProcessId % 250)), (byte)(1 + (Environment.TickCount64 % 250))]),
            18081
        );
        Kubernetes.Put(
            "/apis",
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "nvidia.com" },
                ["versions"] = new JsonArray(new JsonObject { ["version"] = "v1beta1" }, new JsonObject { ["version"] = "v1alpha1" }),
            }
        );
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["STANDIN_KUBERNETES_URL"] = Kubernetes.Address!.ToString(),
        };
        _operator = StandInProcess.Start("stand-in", environment, "operator", "--namespace", "ft");
    }

    [Fact]
    public async Task Graph_created_becomesItsObjects_andItsStatusFollowsThem()
    {
        Kubernetes.Put(Graph, Graphs.Alpha());
        await StateAsync("pending");
        Assert.NotNull(Kubernetes.Get($"{Services}/graph-frontend"));
        Assert.NotNull(Kubernetes.Get("/apis/rbac.authorization.k8s.io/v1/namespaces/ft/roles/graph-discovery"));

        SetReady("graph-frontend", 1);
        SetReady("graph-vllmprefillworker", 2);
        await StateAsync("successful");

        SetReady("graph-frontend", 0);
        await StateAsync("pending");
    }

    [Fact]
    public async Task Graph_changed_scalesAndPrunes()
    {
        var graph = Kubernetes.Put(Graph, Graphs.Alpha());
        await StateAsync("pending");

        graph = Kubernetes.Get($"{Graph}/graph")!;
        graph["spec"]!["services"]!["Frontend"]!["replicas"] = 2;
        ((JsonObject)graph["spec"]!["services"]!).Remove("VllmPrefillWorker");
        Kubernetes.Put(Graph, graph);

        await Eventually.TrueAsync(
            () => Kubernetes.Get($"{Deployments}/graph-frontend").At("spec", "replicas").Number() == 2,
            "two frontends"
        );
        await Eventually.TrueAsync(
            () =>
                Kubernetes.Get($"{Deployments}/graph-vllmprefillworker") is null
                && Kubernetes.Get($"{Services}/graph-vllmprefillworker") is null,
            "no prefill worker"
        );
    }

    [Fact]
    public async Task Deployment_deletedOrScaledBySomeoneElse_isPutRight()
    {
        Kubernetes.Put(Graph, Graphs.Alpha());
        await StateAsync("pending");

        Kubernetes.Delete(Deployments, "graph-frontend");
        await Eventually.TrueAsync(() => Kubernetes.Get($"{Deployments}/graph-frontend") is not null, "the frontend is back");

        var scaled = Kubernetes.Get($"{Deployments}/graph-vllmprefillworker")!;
        scaled["spec"]!["replicas"] = 7;
        Kubernetes.Put(Deployments, scaled);
        await Eventually.TrueAsync(
            () => Kubernetes.Get($"{Deployments}/graph-vllmprefillworker").At("spec", "replicas").Number() == 2,
            "two prefill workers"
        );
    }

    [Fact]
    public async Task Graph_thatCannotBeDeployed_failsWithAReason()
    {
        var graph = Graphs.Alpha();
        ((JsonObject)graph["spec"]!["services"]!["Frontend"]!).Remove("extraPodSpec");
        Kubernetes.Put(Graph, graph);

        await StateAsync("failed");

        Assert.Contains(
            "image is missing",
            Kubernetes.Get($"{Graph}/graph")!["status"]!["conditions"]![0]!["message"].Text(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Graph_whoseFirstReconcilesErr_isFailedMeanwhile_andThenAsEver()
    {
        var graph = Graphs.Alpha();
        graph["spec"]!["envs"]!.AsArray().Add(new JsonObject { ["name"] = "STANDIN_RECONCILE_ERRORS", ["value"] = "3" });
        Kubernetes.Put(Graph, graph);

        await StateAsync("failed");
        Assert.Contains(
            "the object has been modified",
            Kubernetes.Get($"{Graph}/graph")!["status"]!["conditions"]![0]!["message"].Text(),
            StringComparison.Ordinal
        );
        Assert.Null(Kubernetes.Get($"{Graph}/graph").At("status", "observedGeneration"));

        await StateAsync("pending");
        Assert.Equal(
            3,
            _operator!.Lines.Count(line =>
                line.Contains("the object has been modified", StringComparison.Ordinal) && line.Contains("WARN", StringComparison.Ordinal)
            )
        );
        Assert.NotNull(Kubernetes.Get($"{Graph}/graph").At("status", "observedGeneration"));
    }

    [Fact]
    public async Task Operator_terminated_exitsWithZero()
    {
        Kubernetes.Put(Graph, Graphs.Alpha());
        await StateAsync("pending");

        StandInProcess.Kill(_operator!.Id, 15);

        Assert.Equal(0, await _operator.ExitCodeAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _operator!.DisposeAsync();
        await Kubernetes.DisposeAsync();
    }

    private Task StateAsync(string state) =>
        Eventually.TrueAsync(() => Kubernetes.Get($"{Graph}/graph").At("status", "state").Text() == state, $"state {state}");

    private void SetReady(string name, int ready)
    {
        var deployment = Kubernetes.Get($"{Deployments}/{name}")!;
        var wanted = deployment.At("spec", "replicas").Number();
        deployment["status"] = new JsonObject
        {
            ["observedGeneration"] = deployment.At("metadata", "generation").Number(),
            ["replicas"] = wanted,
            ["updatedReplicas"] = wanted,
            ["readyReplicas"] = ready,
            ["availableReplicas"] = ready,
        };
        Kubernetes.Put(Deployments, deployment);
    }
}

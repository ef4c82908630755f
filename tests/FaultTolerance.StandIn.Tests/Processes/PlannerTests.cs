using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Operator;
using FaultTolerance.StandIn.Tests.Operator;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

/// <summary>The planner scales when it is told to, and is alive on its two ports.</summary>
public sealed class PlannerTests
{
    private const int Terminate = 15;
    private const string Collection = "/apis/nvidia.com/v1alpha1/namespaces/test/dynamographdeployments";
    // They follow from the process id, so that two runs of the tests at once have their own.
    private static readonly IPAddress Cluster = new([127, 19, (byte)(1 + (Environment.ProcessId % 250)), 1]);
    private static readonly IPAddress Pod = new([127, 19, (byte)(1 + (Environment.ProcessId % 250)), 2]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Planner_scales_whenItIsTold_inBothForms_andIsThereUntilItIsToldToStop(bool beta)
    {
        await using var kubernetes = await FakeKubernetes.StartAsync(Cluster, 18080);
        kubernetes.Put(Collection, beta ? Graphs.Beta() : Graphs.Alpha());
        await using var planner = StandInProcess.Start(
            "python3",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["POD_IP"] = Pod.ToString(),
                ["POD_NAME"] = "planner-0",
                ["POD_NAMESPACE"] = "test",
                ["DYN_PARENT_DGD_K8S_NAME"] = "graph",
                ["STANDIN_KUBERNETES_URL"] = kubernetes.Address!.ToString(),
                ["STANDIN_PLANNER_SCALE"] = "VllmPrefillWorker=5@0,Nobody=2@0,Frontend=3@0.1",
            },
            "-m", "dynamo.planner", "--config", "{}");
        using var client = new HttpClient();

        await Eventually.TrueAsync(() => Replicas(kubernetes, beta) == ("3", "5"), "both components scaled");
        await Eventually.TrueAsync(
            () => planner.Lines.Any(line => line.Contains("graph has no component Nobody", StringComparison.Ordinal)), "a wrong name is told");
        foreach (var port in (int[])[9085, 9090])
        {
            var metrics = await client.GetStringAsync(new Uri($"http://{Pod}:{port}/metrics"), TestContext.Current.CancellationToken);
            Assert.Contains("dynamo_component_uptime_seconds", metrics, StringComparison.Ordinal);
        }

        StandInProcess.Kill(planner.Id, Terminate);
        Assert.Equal(0, await planner.ExitCodeAsync());
    }

    private static (string? Frontend, string? Prefill) Replicas(FakeKubernetes kubernetes, bool beta)
    {
        var spec = kubernetes.Get($"{Collection}/graph")!["spec"]!;
        JsonNode? Of(string name, int index) => beta ? spec["components"]![index]!["replicas"] : spec.At("services", name, "replicas");
        return (Of("Frontend", 0)?.ToJsonString(), Of("VllmPrefillWorker", 1)?.ToJsonString());
    }
}

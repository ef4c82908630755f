using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Kubelet;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

public sealed class PodWorkerTests
{
    [Fact]
    public async Task Kill_afterTheWorkerHasEnded_isNoNews()
    {
        // The watch tells of a forced deletion after the pod's processes have ended by themselves.
        var worker = CreateSut();
        worker.Dispose();

        worker.Kill();
        worker.Update(worker.Pod);

        await Task.CompletedTask;
        Assert.False(worker.StopRequested.IsCompleted);
    }

    private static PodWorker CreateSut()
    {
        var pod = (JsonObject)
            JsonNode.Parse(
                """
                { "metadata": { "name": "p", "namespace": "ns", "uid": "u", "deletionTimestamp": "2026-01-01T00:00:00Z", "deletionGracePeriodSeconds": 0 },
                  "spec": { "containers": [] } }
                """
            )!;
        var options = new KubeletOptions
        {
            DataDirectory = "unused",
            Images = new Dictionary<string, string>(StringComparer.Ordinal),
            ApiServerHost = "127.0.0.1",
            ApiServerPort = 1,
            CaPem = "unused",
            TokenFor = (_, _, _) => "",
        };
        return new PodWorker(new PodServices(null!, options, null!, null!, null!, null!, null!, null!, new PodListeners(), null!,
            TimeProvider.System, NullLogger.Instance), pod, "127.1.2.3");
    }
}

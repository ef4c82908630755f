using System.Text.Json.Nodes;
using FaultTolerance;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Deployments.Platform;
using FaultTolerance.Runs;
using RealCluster.Support;

namespace RealCluster;

/// <summary>--restart-platform, which is never done unasked.</summary>
public sealed class PlatformRestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task RunAsync_restarts_etcd_and_waits_until_its_new_pod_is_ready()
    {
        await using var space = await TestNamespace.CreateAsync();
        await space.Admin.CreateAsync(
            ResourceType.StatefulSets,
            JsonNode
                .Parse(
                    """
                    { "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": { "name": "dynamo-platform-etcd" },
                      "spec": { "serviceName": "etcd", "selector": { "matchLabels": { "app": "etcd" } },
                        "template": { "metadata": { "labels": { "app": "etcd" } },
                          "spec": { "terminationGracePeriodSeconds": 0, "containers": [ { "name": "main", "image": "local/busybox:1", "command": ["sleep", "3600"] } ] } } } }
                    """
                )!
                .AsObject(),
            Cancellation
        );
        var before = await ReadyPodAsync(space, null);

        await WithLogAsync(log => new PlatformRestart(space.Admin, log).RunAsync(TimeSpan.FromSeconds(60), Cancellation));

        Assert.NotEqual(before, await ReadyPodAsync(space, before));
    }

    [RealClusterFact]
    public async Task RunAsync_where_there_is_no_platform_says_so()
    {
        await using var space = await TestNamespace.CreateAsync();

        var error = await Assert.ThrowsAsync<FaultMatrixException>(() =>
            WithLogAsync(log => new PlatformRestart(space.Admin, log).RunAsync(TimeSpan.FromSeconds(60), Cancellation))
        );

        Assert.Equal("FT0409", error.Code);
        Assert.Contains(space.Name, error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ReadyPodAsync(TestNamespace space, string? not)
    {
        await foreach (var change in space.Admin.WatchAsync<k8s.Models.V1Pod>(ResourceType.Pods, default, Cancellation))
        {
            if (
                change.Object is { } pod
                && pod.Metadata.Uid != not
                && pod.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true
            )
            {
                return pod.Metadata.Uid;
            }
        }

        throw new InvalidOperationException("the watch ended");
    }

    private static async Task WithLogAsync(Func<TestLog, Task> act)
    {
        var folder = Directory.CreateTempSubdirectory("faultmatrix-");
        try
        {
            using var log = new TestLog(Path.Combine(folder.FullName, "test.log.txt"), RunClock.Start(TimeProvider.System));
            await act(log);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FaultTolerance.Deployments.Platform;
using FaultTolerance.Tests.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Deployments;

/// <summary>Waits of installing and removing the stand-in's platform.</summary>
public sealed class StandInPlatformTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Uninstall_that_a_finalizer_holds_up_names_it_while_it_waits_and_at_the_end()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var held = Ours("stand-in-operator");
        held["metadata"]!["finalizers"] = new JsonArray("example.com/never\u001b[31m");
        cluster.Put("deployments", held);
        var pod = TestGraph.Pod("stand-in-operator-a");
        pod["metadata"]!["labels"] = held["metadata"]!["labels"]!.DeepClone();
        cluster.Put("pods", pod);
        var said = new ConcurrentQueue<string>();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);

        var e = await Assert.ThrowsAsync<FaultMatrixException>(() =>
            time.PumpAsync(new StandInPlatform(session, "", said.Enqueue).UninstallAsync(PumpedTime.Long, Cancellation))
        );

        Assert.Equal("FT0405", e.Code);
        Assert.Contains("example.com/never", e.Message, StringComparison.Ordinal);
        Assert.Contains(said, text =>
            text.Contains("Deployment 'stand-in-operator' (finalizers example.com/never [31m)", StringComparison.Ordinal)
            && text.Contains("Pod 'stand-in-operator-a'", StringComparison.Ordinal)
        );
        Assert.True(said.Count >= 2);
    }

    private static JsonObject Ours(string name) =>
        new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject { [StandInPlatform.PartOf] = "faultmatrix-stand-in" },
            },
            ["spec"] = new JsonObject { ["replicas"] = 1 },
        };
}

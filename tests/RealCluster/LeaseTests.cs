using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Sharing;
using RealCluster.Support;

namespace RealCluster;

/// <summary>One run at a time has a namespace.</summary>
public sealed class LeaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task AcquireAsync_while_another_holds_it_says_who()
    {
        await using var space = await TestNamespace.CreateAsync();
        await using var held = await AcquireAsync(space, "first");

        var refused = await Assert.ThrowsAsync<ClusterException>(() => AcquireAsync(space, "second"));

        Assert.Equal("FT0315", refused.Code);
        Assert.Contains("run first", refused.Message, StringComparison.Ordinal);
        Assert.Contains(space.Name, refused.Message, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task AcquireAsync_that_waits_has_it_when_the_other_is_done()
    {
        await using var space = await TestNamespace.CreateAsync();
        var held = await AcquireAsync(space, "first");
        var told = new TaskCompletionSource<string>();

        var waiting = NamespaceLease.AcquireAsync(
            space.Admin,
            LeaseHolder.OfThisProcess("second"),
            wait: true,
            text => told.TrySetResult(text),
            Cancellation
        );
        Assert.Contains("run first", await told.Task.WaitAsync(Cancellation), StringComparison.Ordinal);
        Assert.False(waiting.IsCompleted);
        await held.DisposeAsync();

        await using var got = await waiting;
        Assert.Contains("run second", await HolderAsync(space), StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task AcquireAsync_from_a_process_of_this_machine_that_ended_takes_it_at_once()
    {
        await using var space = await TestNamespace.CreateAsync();
        var alive = LeaseHolder.OfThisProcess("killed");
        await using var left = await NamespaceLease.AcquireAsync(
            space.Admin,
            alive with
            {
                Process = "1:1",
            },
            wait: false,
            _ => { },
            Cancellation
        );

        await using var got = await AcquireAsync(space, "next");

        Assert.Contains("run next", await HolderAsync(space), StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task AcquireAsync_of_a_lease_that_nobody_renews_takes_it()
    {
        await using var space = await TestNamespace.CreateAsync();
        await space.Admin.CreateAsync(
            ResourceType.Leases,
            new JsonObject
            {
                ["apiVersion"] = "coordination.k8s.io/v1",
                ["kind"] = "Lease",
                ["metadata"] = new JsonObject { ["name"] = NamespaceLease.Name },
                ["spec"] = new JsonObject
                {
                    ["holderIdentity"] = "a machine that is no more",
                    ["leaseDurationSeconds"] = 30,
                    ["renewTime"] = "2020-01-01T00:00:00.000000Z",
                },
            },
            Cancellation
        );

        await using var got = await AcquireAsync(space, "next");

        Assert.Contains("run next", await HolderAsync(space), StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task DisposeAsync_leaves_no_lease()
    {
        await using var space = await TestNamespace.CreateAsync();
        await (await AcquireAsync(space, "only")).DisposeAsync();

        Assert.Null(await space.Admin.FindAsync<JsonObject>(ResourceType.Leases, NamespaceLease.Name, Cancellation));
    }

    private static Task<NamespaceLease> AcquireAsync(TestNamespace space, string run) =>
        NamespaceLease.AcquireAsync(space.Admin, LeaseHolder.OfThisProcess(run), wait: false, _ => { }, Cancellation);

    private static async Task<string> HolderAsync(TestNamespace space) =>
        LeaseHolder.Of((await space.Admin.FindAsync<JsonObject>(ResourceType.Leases, NamespaceLease.Name, Cancellation))!)!.Identity;
}

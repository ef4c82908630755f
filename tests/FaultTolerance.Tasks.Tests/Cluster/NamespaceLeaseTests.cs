using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Sharing;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Cluster;

public sealed class NamespaceLeaseTests
{
    private static readonly LeaseHolder Ours = LeaseHolder.OfThisProcess("20260101-000000-aaaa");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_of_a_free_namespace_creates_and_dispose_deletes()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync();

        await using (await NamespaceLease.AcquireAsync(session, Ours, wait: false, _ => { }, Cancellation))
        {
            Assert.Equal(Ours.Identity, cluster.Get("leases", NamespaceLease.Name)!["spec"]!["holderIdentity"]!.GetValue<string>());
        }

        Assert.Empty(cluster.Names("leases"));
    }

    [Fact]
    public async Task Stop_renews_no_more_and_asks_a_cluster_that_is_gone_nothing()
    {
        var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync();
        var lease = await NamespaceLease.AcquireAsync(session, Ours, wait: false, _ => { }, Cancellation);
        await cluster.DisposeAsync();

        await lease.StopAsync().WaitAsync(TimeSpan.FromSeconds(5), Cancellation);

        Assert.Null(lease.Loss);
    }

    [Fact]
    public async Task Acquire_while_another_holds_is_refused_and_names_it()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync();
        Hold(cluster, "eve@elsewhere, process 1, run r9", TimeProvider.System.GetUtcNow());

        var e = await Assert.ThrowsAsync<ClusterException>(() =>
            NamespaceLease.AcquireAsync(session, Ours, wait: false, _ => { }, Cancellation)
        );

        Assert.Equal("FT0315", e.Code);
        Assert.Contains("eve@elsewhere", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_that_waits_says_so_and_takes_it_at_the_others_end()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);
        Hold(cluster, "eve", time.GetUtcNow());
        var said = new ConcurrentQueue<string>();

        var acquiring = NamespaceLease.AcquireAsync(session, Ours, wait: true, said.Enqueue, Cancellation);
        for (var i = 0; i < 25; i++)
        {
            Hold(cluster, "eve", time.GetUtcNow());
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Cancellation);
        }

        Assert.False(acquiring.IsCompleted);
        Assert.InRange(said.Count, 2, 4);
        Assert.All(said, text =>
        {
            Assert.Contains("'ft' is in use by eve", text, StringComparison.Ordinal);
            Assert.Contains("waiting for its end", text, StringComparison.Ordinal);
        });
        cluster.Remove("leases", NamespaceLease.Name);
        await using var lease = await time.PumpAsync(acquiring);
        Assert.Null(lease.LostTo);
    }

    [Fact]
    public async Task Acquire_takes_the_lease_of_a_process_of_this_machine_that_has_ended()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync();
        Hold(cluster, "me before", TimeProvider.System.GetUtcNow(), Ours.Boot, "999999999:1");

        await using var lease = await NamespaceLease.AcquireAsync(session, Ours, wait: false, _ => { }, Cancellation);

        Assert.Equal(Ours.Identity, cluster.Get("leases", NamespaceLease.Name)!["spec"]!["holderIdentity"]!.GetValue<string>());
    }

    [Fact]
    public async Task Acquire_of_an_expired_lease_waits_for_a_sign_of_life_first()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);
        Hold(cluster, "eve", time.GetUtcNow() - TimeSpan.FromHours(1));
        var from = time.GetTimestamp();

        await using var lease = await time.PumpAsync(NamespaceLease.AcquireAsync(session, Ours, wait: false, _ => { }, Cancellation));

        Assert.True(time.GetElapsedTime(from) > TimeSpan.FromSeconds(16), "two renewals have to be missed");
    }

    [Fact]
    public async Task Renewal_sees_who_took_it_and_leaves_it_to_them()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);
        var lease = await NamespaceLease.AcquireAsync(session, Ours, wait: false, _ => { }, Cancellation);
        Hold(cluster, "eve", time.GetUtcNow());
        for (var i = 0; i < 200 && lease.LostTo is null; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, Cancellation);
        }

        Assert.Equal("eve", lease.LostTo);
        await lease.DisposeAsync();
        Assert.Equal([NamespaceLease.Name], cluster.Names("leases"));
    }

    [Fact]
    public async Task Renewal_that_fails_until_the_lease_has_run_out_is_told_once_and_so_is_its_return()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);
        var told = new ConcurrentQueue<string?>();
        await using var lease = await NamespaceLease.AcquireAsync(session, Ours, wait: false, _ => { }, Cancellation, told.Enqueue);
        cluster.Before = http => FakeApi.StatusAsync(http, 500, "InternalError", "etcd has no leader");
        await UntilAsync(time, () => !told.IsEmpty);

        Assert.Null(lease.LostTo);
        Assert.StartsWith("could not be renewed for 30 s (FT0309: ", lease.Loss, StringComparison.Ordinal);
        cluster.Before = _ => Task.FromResult(false);
        await UntilAsync(time, () => told.Count > 1);

        Assert.Null(lease.Loss);
        Assert.Equal(2, told.Count);
        Assert.Null(told.Last());
    }

    [Fact]
    public async Task Renewal_that_is_never_answered_is_told_when_the_lease_has_run_out()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time, requestTimeout: 3000);
        var told = new ConcurrentQueue<string?>();
        await using var lease = await NamespaceLease.AcquireAsync(session, Ours, wait: false, _ => { }, Cancellation, told.Enqueue);
        cluster.Before = Trouble.NeverAsync;
        var from = time.GetTimestamp();
        await UntilAsync(time, () => !told.IsEmpty);

        Assert.Contains("the cluster did not answer", lease.Loss, StringComparison.Ordinal);
        Assert.InRange(time.GetElapsedTime(from).TotalSeconds, 30, 60);
        cluster.Before = _ => Task.FromResult(false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Renewal_of_a_lease_that_is_gone_takes_it_again_only_while_nobody_can_have_had_it(bool ranOut)
    {
        await using var cluster = await FakeCluster.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);
        var told = new ConcurrentQueue<string?>();
        await using var lease = await NamespaceLease.AcquireAsync(session, Ours, wait: false, _ => { }, Cancellation, told.Enqueue);
        if (ranOut)
        {
            cluster.Before = http => FakeApi.StatusAsync(http, 500, "InternalError", "etcd has no leader");
            await UntilAsync(time, () => !told.IsEmpty);
        }

        cluster.Remove("leases", NamespaceLease.Name);
        cluster.Before = _ => Task.FromResult(false);
        await UntilAsync(time, () => lease.LostTo is not null || cluster.Names("leases").Count > 0);

        Assert.Equal(ranOut, lease.LostTo is not null);
        Assert.Equal(ranOut, lease.Loss is not null);
    }

    private static async Task UntilAsync(FakeTimeProvider time, Func<bool> condition)
    {
        for (var i = 0; i < 300; i++)
        {
            if (condition())
            {
                return;
            }

            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, Cancellation);
        }

        Assert.Fail("not so within 300 s of the session's time");
    }

    [Fact]
    public async Task Others_are_refused_where_one_holds_and_let_pass_where_this_build_does()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync();
        Hold(cluster, "eve", TimeProvider.System.GetUtcNow());
        Assert.Equal(
            "FT0315",
            (
                await Assert.ThrowsAsync<ClusterException>(() =>
                    NamespaceLease.RefuseOthersAsync(session, wait: false, _ => { }, Cancellation)
                )
            ).Code
        );

        Hold(cluster, Ours.Identity, TimeProvider.System.GetUtcNow(), Ours.Boot, Ours.Process);
        await NamespaceLease.RefuseOthersAsync(session, wait: false, _ => { }, Cancellation);
        Assert.Equal([NamespaceLease.Name], cluster.Names("leases"));
    }

    // Teardown --wait.
    [Fact]
    public async Task Others_are_waited_for_where_that_is_asked()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);
        Hold(cluster, "eve", time.GetUtcNow());
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);

        var waiting = NamespaceLease.RefuseOthersAsync(session, wait: true, text => told.TrySetResult(text), Cancellation);
        Assert.Equal("Namespace 'ft' is in use by eve; waiting for its end.", await told.Task.WaitAsync(Cancellation));
        Assert.False(waiting.IsCompleted);
        cluster.Remove("leases", NamespaceLease.Name);

        await time.PumpAsync(waiting);
    }

    [Fact]
    public async Task Others_that_have_ended_lose_their_lease()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync();
        Hold(cluster, "me before", TimeProvider.System.GetUtcNow(), Ours.Boot, "999999999:1");

        await NamespaceLease.RefuseOthersAsync(session, wait: false, _ => { }, Cancellation);

        Assert.Empty(cluster.Names("leases"));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"faultmatrix"}}""")]
    [InlineData("""{"metadata":{"name":"faultmatrix"},"spec":{"holderIdentity":5,"renewTime":[]}}""")]
    public async Task Acquire_over_a_lease_of_odd_form_takes_it(string body)
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync();
        cluster.Put("leases", JsonNode.Parse(body)!.AsObject());

        await using var lease = await NamespaceLease.AcquireAsync(session, Ours, wait: false, _ => { }, Cancellation);

        Assert.Equal(Ours.Identity, cluster.Get("leases", NamespaceLease.Name)!["spec"]!["holderIdentity"]!.GetValue<string>());
    }

    private static void Hold(FakeCluster cluster, string who, DateTimeOffset renewed, string boot = "", string process = "") =>
        cluster.Put(
            "leases",
            new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = NamespaceLease.Name,
                    ["annotations"] = new JsonObject { ["faultmatrix.dev/boot"] = boot, ["faultmatrix.dev/process"] = process },
                },
                ["spec"] = new JsonObject { ["holderIdentity"] = who, ["renewTime"] = renewed.UtcDateTime.ToString("o") },
            }
        );
}

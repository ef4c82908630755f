using System.Collections.Concurrent;
using FaultTolerance.Tasks.Sessions;
using FaultTolerance.Tests.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Tasks.Sessions;

public sealed class GroundWatchTests : IDisposable
{
    private readonly string _run = Directory.CreateTempSubdirectory("ground-").FullName;
    private readonly ConcurrentQueue<FaultMatrixException> _lost = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_run, recursive: true);

    [Fact]
    public async Task Cluster_that_takes_no_connection_is_gone_after_the_patience_and_told_once()
    {
        var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync(_time);
        await cluster.DisposeAsync();
        var from = _time.GetTimestamp();

        await using (GroundWatch.Start(session, _run, _lost.Enqueue))
        {
            await UntilAsync(() => !_lost.IsEmpty);
            Assert.True(_time.GetElapsedTime(from) >= GroundWatch.Patience);
            await RunAsync(30);
        }

        var loss = Assert.Single(_lost);
        Assert.Equal("FT0322", loss.Code);
        Assert.Contains($"the cluster at {session.Server} is gone", loss.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_that_refuses_for_a_moment_or_is_silent_is_not_gone()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync(_time);
        cluster.Before = Trouble.NeverAsync;

        await using (GroundWatch.Start(session, _run, _lost.Enqueue))
        {
            await RunAsync(60);
            cluster.Before = http => FakeApi.StatusAsync(http, 503, "Unavailable", "no leader");
            await RunAsync(60);
        }

        Assert.Empty(_lost);
    }

    [Fact]
    public async Task Namespace_that_was_lost_is_told_once_in_any_process_of_the_run()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync(_time);

        await using (GroundWatch.Start(session, _run, _lost.Enqueue))
        {
            await RunAsync(5);
            Assert.Empty(_lost);
            LeaseLoss.Note(_run, "was taken by eve");
            await UntilAsync(() => !_lost.IsEmpty);
            await RunAsync(5);
        }

        Assert.Equal("FT0321", Assert.Single(_lost).Code);
        Assert.Contains("was taken by eve", _lost.First().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namespace_that_was_lost_before_or_at_the_very_end_is_told()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync(_time);
        var watch = GroundWatch.Start(session, _run, _lost.Enqueue);
        LeaseLoss.Note(_run, "was taken by eve");
        await watch.DisposeAsync();
        Assert.Single(_lost);

        await (GroundWatch.Start(session, _run, _lost.Enqueue)).DisposeAsync();
        Assert.Equal(2, _lost.Count);

        LeaseLoss.Note(_run, null);
        await (GroundWatch.Start(session, _run, _lost.Enqueue)).DisposeAsync();
        Assert.Equal(2, _lost.Count);
        Assert.Empty(Directory.GetFileSystemEntries(_run));
    }

    private Task RunAsync(int seconds) => UntilAsync(() => --seconds < 0);

    private async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 300; i++)
        {
            if (condition())
            {
                return;
            }

            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, Cancellation);
        }

        Assert.Fail("not so within 300 s of the session's time");
    }
}

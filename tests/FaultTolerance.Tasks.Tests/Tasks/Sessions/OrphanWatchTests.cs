using System.Diagnostics;
using FaultMatrix.Shared;
using FaultTolerance.Tasks.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Tasks.Sessions;

/// <summary>A worker of the engine whose front was killed ends itself.</summary>
public sealed class OrphanWatchTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Process _front = Process.Start(new ProcessStartInfo("sleep", ["300"]) { UseShellExecute = false })!;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        if (!_front.HasExited)
        {
            _front.Kill();
        }

        _front.Dispose();
    }

    [Fact]
    public async Task Start_ends_the_worker_when_its_front_has_been_gone_for_long()
    {
        using var watch = OrphanWatch.Start(_front.Id, _time, _ended.SetResult);
        _front.Kill();
        await PumpAsync(watch);

        Assert.True(_ended.Task.IsCompletedSuccessfully);
    }

    // What it still made would come after the next command has cleared up.
    [Fact]
    public async Task Orphaned_is_cancelled_when_the_front_has_ended_long_before_the_worker_ends()
    {
        using var watch = OrphanWatch.Start(_front.Id, _time, _ended.SetResult);
        _time.Advance(OrphanWatch.Patience);
        Assert.False(watch.Orphaned.IsCancellationRequested);
        _front.Kill();
        await _front.WaitForExitAsync(TestContext.Current.CancellationToken);
        var orphaned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = watch.Orphaned.UnsafeRegister(_ => orphaned.SetResult(), null);
        while (await Task.WhenAny(orphaned.Task, Task.Delay(10, TestContext.Current.CancellationToken)) != orphaned.Task)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.False(_ended.Task.IsCompleted);
    }

    [Fact]
    public async Task Start_lets_a_worker_be_while_its_front_lives()
    {
        var watch = OrphanWatch.Start(_front.Id, _time, _ended.SetResult);
        _time.Advance(2 * OrphanWatch.Patience);
        watch.Dispose();
        await watch.Watching;

        Assert.False(_ended.Task.IsCompleted);
    }

    [Fact]
    public async Task Start_of_a_front_that_has_ended_already_counts_from_now()
    {
        _front.Kill();
        await _front.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var watch = OrphanWatch.Start(_front.Id, _time, _ended.SetResult);
        await PumpAsync(watch);

        Assert.True(_ended.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public void FrontOf_a_worker_that_was_taken_in_by_another_process_is_nobody()
    {
        var worker = new ProcessStat('S', Parent: 1, Session: 4711, "900");

        Assert.Equal(1, OrphanWatch.FrontOf(worker, new ProcessStat('S', Parent: 0, Session: 4711, "1")));
        Assert.Equal(0, OrphanWatch.FrontOf(worker, new ProcessStat('S', Parent: 0, Session: 1, "1")));
        Assert.Equal(0, OrphanWatch.FrontOf(worker, null));
    }

    [Fact]
    public async Task Start_of_nobody_counts_from_now()
    {
        using var watch = OrphanWatch.Start(0, _time, _ended.SetResult);
        await PumpAsync(watch);

        Assert.True(_ended.Task.IsCompletedSuccessfully);
    }

    // Its parent may never ask for it: then it stays in the list of processes.
    [Fact]
    public async Task Start_of_a_front_that_nobody_asks_for_ends_the_worker_too()
    {
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 300 & echo $!; exec sleep 300"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        try
        {
            var front = int.Parse((await parent.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
            using var watch = OrphanWatch.Start(front, _time, _ended.SetResult);
            using var process = Process.GetProcessById(front);
            process.Kill();
            await PumpAsync(watch);

            Assert.True(_ended.Task.IsCompletedSuccessfully);
        }
        finally
        {
            parent.Kill();
        }
    }

    [Theory]
    [InlineData("/noautoresponse /nologo /nodemode:1 /nodeReuse:false /low:false", true)]
    [InlineData("/noautoresponse /nologo /nodemode:1 /nodeReuse:true /low:false", false)]
    [InlineData("FaultMatrix --namespace ft", false)]
    public void IsWorker_is_one_that_no_other_front_uses_later(string words, bool expected) =>
        Assert.Equal(expected, OrphanWatch.IsWorker(words.Split(' ')));

    // The patience begins when the end of the process was seen: time goes on until the watch is over.
    private async Task PumpAsync(OrphanWatch watch)
    {
        while (await Task.WhenAny(watch.Watching, Task.Delay(10, TestContext.Current.CancellationToken)) != watch.Watching)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await watch.Watching;
    }
}

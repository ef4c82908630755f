using System.Diagnostics;
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
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        await watch.Watching;
    }
}

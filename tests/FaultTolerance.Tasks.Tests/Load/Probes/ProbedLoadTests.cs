using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;

namespace FaultTolerance.Load.Probes;

public sealed class ProbedLoadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Completion_is_the_loads_own_and_comes_after_the_probe_has_ended()
    {
        using var fixture = new LoadFixture();
        var (load, both) = await StartAsync(fixture);
        await using var run = both;
        Assert.False(both.Completion.IsCompleted);

        load.End();

        Assert.Same(load.Totals, await both.Completion.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        Assert.Contains("load.ended", await File.ReadAllTextAsync(fixture.Folder.Probe.Timeline, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_load_that_fails_ends_the_probe_and_is_told()
    {
        using var fixture = new LoadFixture();
        var (load, both) = await StartAsync(fixture);
        await using var run = both;

        load.Fail(new FaultMatrixException("FT0502", "the disk is full"));

        var error = await Assert.ThrowsAsync<FaultMatrixException>(
            () => both.Completion.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        Assert.Equal("FT0502", error.Code);
        Assert.Contains("load.ended", await File.ReadAllTextAsync(fixture.Folder.Probe.Timeline, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StopAsync_stops_both()
    {
        using var fixture = new LoadFixture();
        var (load, both) = await StartAsync(fixture, answers: false);
        await using var run = both;

        await both.StopAsync("teardown").WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.Equal("teardown", load.Stopped);
        var log = await File.ReadAllTextAsync(fixture.Folder.Probe.ClientLog(0), Cancellation);
        Assert.Contains(nameof(Outcome.Cancelled), log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposeAsync_disposes_of_both()
    {
        using var fixture = new LoadFixture();
        var (load, both) = await StartAsync(fixture);

        await both.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.True(load.IsDisposed);
        Assert.True(both.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Progress_and_the_first_request_are_the_loads_own()
    {
        using var fixture = new LoadFixture();
        var (load, both) = await StartAsync(fixture);
        await using var run = both;

        Assert.Equal((7, 3), (both.Progress.Planned, both.Progress.Succeeded));
        Assert.Same(load.FirstRequest, both.FirstRequest);
    }

    private static async Task<(ToldLoad Load, ProbedLoad Both)> StartAsync(LoadFixture fixture, bool answers = true)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = ProbeTests.Of(fixture, async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                asked.TrySetResult();
                if (answers)
                {
                    await s.AnswerAsync(Bodies.Chat());
                }
            }
        });
        await probe.PrepareAsync(Cancellation);
        probe.StartAt(fixture.Clock.Now);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        var load = new ToldLoad();
        return (load, new ProbedLoad(load, probe));
    }

    // A load that ends when it is told to.
    private sealed class ToldLoad : ILoadRun
    {
        private readonly TaskCompletionSource<LoadTotals> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LoadTotals Totals { get; } = new(7, 7, 0, 7, 0, new Dictionary<Outcome, long>());

        public Task<DateTimeOffset> FirstRequest { get; } = Task.FromResult(DateTimeOffset.UnixEpoch);

        public Task<LoadTotals> Completion => _ended.Task;

        public LoadProgress Progress => new(7, 3, 0, 1);

        public string? Stopped { get; private set; }

        public bool IsDisposed { get; private set; }

        public void End() => _ended.TrySetResult(Totals);

        public void Fail(Exception e) => _ended.TrySetException(e);

        public Task<LoadTotals> StopAsync(string reason)
        {
            Stopped ??= reason;
            End();
            return Completion;
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}

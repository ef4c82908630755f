using System.Collections.Concurrent;
using FaultTolerance.StandIn.EngineCore;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.StandIn.Tests.EngineCore;

public sealed class TokenEngineTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<(double At, int Tokens)> _batches = new();
    private readonly TokenEngine _engine;
    private readonly long _start;

    public TokenEngineTests()
    {
        var settings = new StandInSettings
        {
            Prefill = TimeSpan.FromMilliseconds(60),
            Token = TimeSpan.FromMilliseconds(10),
            Transfer = TimeSpan.FromMilliseconds(700),
            Jitter = 0,
        };
        _engine = new(settings, new Jitter(0, 0, "pod"), _time);
        _start = _time.GetTimestamp();
    }

    [Theory]
    [InlineData(GenerateMode.Full, 60)]
    [InlineData(GenerateMode.Decode, 700)]
    internal async Task Run_streaming_givesEachTokenWhenItIsDue(GenerateMode mode, double first)
    {
        await DriveAsync(new(1, mode, 10, 5, Stream: true, 1));

        Assert.Equal([(first, 1), (first + 10, 1), (first + 20, 1), (first + 30, 1), (first + 40, 1)], _batches);
    }

    [Fact]
    public async Task Run_whole_givesTheFirstTokenAndThenTheRest()
    {
        await DriveAsync(new(1, GenerateMode.Full, 10, 100, Stream: false, 1));

        Assert.Equal([(60, 1), (1050, 99)], _batches);
    }

    [Fact]
    public async Task Run_ofMoreThanMayRun_waitsForOneThatEnds()
    {
        var settings = new StandInSettings
        {
            Prefill = TimeSpan.FromMilliseconds(60), Token = TimeSpan.Zero, Jitter = 0, MaximumRunning = 1,
        };
        using var engine = new TokenEngine(settings, new Jitter(0, 0, "pod"), _time);
        var first = engine.RunAsync(new(1, GenerateMode.Full, 10, 1, Stream: true, 1), Keep, TestContext.Current.CancellationToken);
        var second = engine.RunAsync(new(2, GenerateMode.Full, 10, 1, Stream: true, 1), Keep, TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromMilliseconds(60));
        await first;
        Assert.False(second.IsCompleted);
        while (!second.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await second;
        // The second one's turn comes by another thread, at whatever time the clock shows then.
        Assert.Equal(60, _batches.First().At);
        Assert.InRange(_batches.Last().At, 120, double.MaxValue);
    }

    [Fact]
    public async Task Run_prefill_givesNoTokens()
    {
        await DriveAsync(new(1, GenerateMode.Prefill, 10, 100, Stream: false, 1));

        Assert.Empty(_batches);
        Assert.Equal(60, _time.GetElapsedTime(_start).TotalMilliseconds);
    }

    [Fact]
    public async Task Run_cancelled_stops()
    {
        using var cancel = new CancellationTokenSource();
        var run = _engine.RunAsync(new(1, GenerateMode.Full, 10, 100, Stream: true, 1), Keep, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(_batches);
    }

    public void Dispose() => _engine.Dispose();

    private async Task DriveAsync(GenerateCommand command)
    {
        var run = _engine.RunAsync(command, Keep, TestContext.Current.CancellationToken);
        while (!run.IsCompleted)
        {
            // The fake clock runs due continuations within Advance, so nothing is left to wait for between two steps.
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await run;
    }

    private ValueTask Keep(GenerateEvent answer)
    {
        _batches.Enqueue((_time.GetElapsedTime(_start).TotalMilliseconds, answer.Tokens.Length));
        return ValueTask.CompletedTask;
    }
}

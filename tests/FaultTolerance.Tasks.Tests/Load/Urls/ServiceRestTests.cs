using FaultTolerance.Load.Urls;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Load.Urls;

public sealed class ServiceRestTests
{
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private TimeSpan _takes = TimeSpan.FromMilliseconds(20);
    private int _asked;

    [Fact]
    public async Task Wait_service_that_answers_as_before_is_at_rest()
    {
        var rest = await LearnAsync();

        Assert.Null(await rest.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Equal((4, 20), (_asked, rest.Usual.TotalMilliseconds));
    }

    [Fact]
    public async Task Wait_service_that_is_slow_is_asked_until_it_is_as_fast_as_before()
    {
        var rest = await LearnAsync();
        _takes = TimeSpan.FromSeconds(3);

        var waiting = rest.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        _takes = TimeSpan.FromMilliseconds(90);
        await AdvanceUntilAsync(waiting);

        Assert.Null(await waiting);
        Assert.Equal(5, _asked);
    }

    [Fact]
    public async Task Wait_service_that_stays_slow_is_told_with_both_times()
    {
        var rest = await LearnAsync();
        _takes = TimeSpan.FromSeconds(3);

        var waiting = rest.WaitAsync(TimeSpan.FromSeconds(7), TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(waiting);

        Assert.Equal("an answer of one token still takes 3 s, and took 0.02 s before any load", await waiting);
    }

    [Fact]
    public async Task Wait_service_that_is_gone_is_told_with_its_code()
    {
        var rest = await LearnAsync();
        _takes = TimeSpan.MinValue;

        Assert.StartsWith("FT0511: gone", await rest.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private Task<ServiceRest> LearnAsync() => ServiceRest.LearnAsync(AskAsync, _time, TestContext.Current.CancellationToken);

    private Task AskAsync(CancellationToken cancellation)
    {
        _asked++;
        if (_takes == TimeSpan.MinValue)
        {
            throw new FaultMatrixException("FT0511", "gone");
        }

        _time.Advance(_takes);
        return Task.CompletedTask;
    }

    private async Task AdvanceUntilAsync(Task waiting)
    {
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }
}

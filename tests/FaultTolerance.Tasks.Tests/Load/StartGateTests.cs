namespace FaultTolerance.Load;

public sealed class StartGateTests
{
    [Fact]
    public async Task PassAsync_instant_is_named_later_and_the_load_starts_then()
    {
        var gate = new StartGate();
        var passing = gate.PassAsync(TimeProvider.System, CancellationToken.None);
        await gate.Prepared.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Null(gate.Passed);
        var instant = TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency / 20);

        gate.Open(instant);

        Assert.Equal(instant, await passing.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.True(gate.Passed >= instant);
    }

    [Fact]
    public async Task PassAsync_load_is_stopped_before_and_there_is_no_instant()
    {
        using var stop = new CancellationTokenSource();
        var passing = new StartGate().PassAsync(TimeProvider.System, stop.Token);

        await stop.CancelAsync();

        Assert.Null(await passing.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }
}

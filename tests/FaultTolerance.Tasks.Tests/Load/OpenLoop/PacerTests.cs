namespace FaultTolerance.Load.OpenLoop;

public sealed class PacerTests
{
    [Fact]
    public async Task Wait_never_ends_before_its_instant() => await Task.Run(() =>
    {
        using var pacer = new Pacer(TimeProvider.System, TestContext.Current.CancellationToken);
        var instant = TimeProvider.System.GetTimestamp();
        foreach (var microseconds in new[] { 0, 1, 10, 50, 100, 300, 1000, 3000, 8000 })
        {
            instant += TimeProvider.System.TimestampFrequency * microseconds / 1_000_000;
            Assert.True(pacer.Wait(instant));
            Assert.True(TimeProvider.System.GetTimestamp() >= instant);
        }
    }, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Wait_ends_when_the_load_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        using var pacer = new Pacer(TimeProvider.System, stop.Token);
        var waiting = Task.Run(() => pacer.Wait(TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency * 3600)),
            TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        Assert.False(await waiting);
    }
}

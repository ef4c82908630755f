using FaultTolerance.Runs;

namespace FaultTolerance.Tests.Runs;

public sealed class RunClockTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000_000)]
    [InlineData(-5_000_000_000)]
    [InlineData(86_400_000_000_000)]
    public void TicksAt_is_At_backwards(long since)
    {
        var clock = new RunClock(TimeProvider.System, new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 7_000_000_000));
        var ticks = clock.Anchor.Timestamp + since;

        Assert.Equal(ticks, clock.TicksAt(clock.At(ticks)));
    }
}

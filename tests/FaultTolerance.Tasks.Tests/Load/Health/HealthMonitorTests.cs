using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Load.Health;

public sealed class HealthMonitorTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Sum_late_and_slow_generator_is_invalid_with_reasons()
    {
        await using var health = new HealthMonitor(_time);
        health.Begin();
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            health.Sent(_time.GetTimestamp() - _time.TimestampFrequency, _time.GetTimestamp());
        }

        var sum = health.Sum(new() { CpuShare = double.MaxValue, GcShare = double.MaxValue }, 2, 10);

        Assert.Equal((1, 1, 1), (sum.SendLagMax, sum.AchievedRate, Math.Round(sum.SendLagP50, 1)));
        Assert.Equal(2, sum.Invalid.Count);
        Assert.StartsWith("send lag p99 1 s is over 0.05 s", sum.Invalid[0], StringComparison.Ordinal);
        Assert.StartsWith("rate 1/s is less than 0.985 of the 2/s", sum.Invalid[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.05, 0.05, 0.1)]
    [InlineData(0.5, 0.5, 0.5)]
    public void Bearing_a_load_that_may_be_late_may_have_a_late_pool(double maxSendLag, double sendLag, double poolDelay)
    {
        var limits = new HealthLimits().Bearing(TimeSpan.FromSeconds(maxSendLag));

        Assert.Equal((sendLag, poolDelay), (limits.SendLagP99, limits.PoolDelayP99));
    }

    [Fact]
    public async Task Sum_punctual_generator_is_valid()
    {
        await using var health = new HealthMonitor(_time);
        health.Begin();
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            health.Sent(_time.GetTimestamp(), _time.GetTimestamp());
        }

        Assert.Empty(health.Sum(new() { CpuShare = double.MaxValue, GcShare = double.MaxValue }, 1, 10).Invalid);
    }
}

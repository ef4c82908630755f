using FaultTolerance.Artefacts;
using FaultTolerance.Load;
using FaultTolerance.Load.Health;

namespace FaultTolerance.LoadJobs;

public sealed class JobTotalsTests
{
    private static readonly LoadTotals One = new(100, 100, 0, 98, 2, new Dictionary<Outcome, long> { [Outcome.Ok] = 98, [Outcome.Refused] = 2 })
    {
        Health = new GeneratorHealth { AskedRate = 10, AchievedRate = 9.9, SendLagP99 = 0.01, FloorP99 = 0.001 },
    };

    [Fact]
    public void Of_two_pods_counts_and_rates_are_added_and_the_worst_lateness_counts()
    {
        var late = One with { Health = One.Health! with { SendLagP99 = 0.03, FloorP99 = 0.002 } };

        var sum = JobTotals.Of([("a", One), ("b", late)], 0, 0.004, TimeSpan.FromMilliseconds(50));

        Assert.Equal((200, 196, 4), (sum.Planned, sum.Succeeded, sum.Failed));
        Assert.Equal(4, sum.Attempts[Outcome.Refused]);
        Assert.Equal((20, 19.8, 0.03, 0.002), (sum.Health!.AskedRate, sum.Health.AchievedRate, sum.Health.SendLagP99, sum.Health.FloorP99));
        Assert.Empty(sum.Health.Invalid);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Of_requests_lost_with_a_pod_the_row_is_invalid_beyond_one_in_a_hundred(long lost, bool invalid) =>
        Assert.Equal(invalid, JobTotals.Of([("a", One), ("b", One)], lost, null, TimeSpan.FromSeconds(1)).Health!.Invalid.Count > 0);

    [Fact]
    public void Of_starts_too_far_apart_and_of_a_pod_that_cannot_be_trusted_each_is_a_reason()
    {
        var bad = One with { Health = One.Health! with { Invalid = ["GC pauses"] } };

        var sum = JobTotals.Of([("a", One), ("b", bad)], 0, 0.06, TimeSpan.FromMilliseconds(50));

        Assert.Equal(["pod b: GC pauses", "the load pods started within 0.06 s, more than 0.05 s"], sum.Health!.Invalid);
    }
}

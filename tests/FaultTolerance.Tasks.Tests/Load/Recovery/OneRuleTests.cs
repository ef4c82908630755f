using FaultTolerance.Artefacts;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Load.Recovery;

/// <summary>The load that lasts until the service is steady, and the measure of when it was, go by one rule.</summary>
public sealed class OneRuleTests
{
    private static readonly DateTimeOffset Zero = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Load_ends_when_the_measure_has_its_value_and_not_before(int seed)
    {
        var random = new Random(seed);
        var every = 0.02 + (0.3 * random.NextDouble());
        var order = 60 * every * (1 + random.NextDouble());
        var (down, slow) = (5 * random.NextDouble(), 5 * random.NextDouble());
        var band = new FaultFreeBand();
        var samples = new List<RequestSample>();
        var steady = (double?)null;
        for (var i = 0; steady is null && i * every < order + 120; i++)
        {
            var sent = i * every;
            var (since, ok) = (sent - order, true);
            var takes = 0.05 + (0.01 * random.NextDouble());
            (ok, takes) = since is < 0 ? (ok, takes) : since < down ? (false, 0.01) : since < down + slow ? (true, takes * 4) : (ok, takes);
            band.Sent(0, i, At(sent));
            band.Ended(new EndedRequest(0, i, At(sent), At(sent + takes), ok ? Outcome.Ok : Outcome.Refused));
            samples.Add(new RequestSample(0, At(sent).UtcTicks, At(sent + takes).UtcTicks, ok) { Request = i });
            if (since > 0)
            {
                band.MarkFault(At(order));
                steady = band.IsSteady(At(sent + takes)) ? sent : null;
                var measured = Measure(samples, order);
                Assert.Equal(steady is not null, measured.Kind is MeasuredKind.Value or MeasuredKind.NotNeeded);
            }
        }

        Assert.NotNull(steady);
    }

    private static DateTimeOffset At(double seconds) => Zero.AddSeconds(seconds);

    private static Measured Measure(List<RequestSample> samples, double order)
    {
        var zero = At(order).UtcTicks;
        var faultFree = TimeSpan.FromTicks(zero - samples[0].Start);
        return new SteadyAgain().Measure(new RecoveryInput
        {
            Zero = zero,
            IsOrdered = true,
            Requests = [.. samples],
            SteadyFor = faultFree < TimeSpan.FromSeconds(5) ? faultFree : TimeSpan.FromSeconds(5),
        });
    }
}

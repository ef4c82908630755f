using CsCheck;
using FaultTolerance.Artefacts;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.OpenLoop;

public sealed class ArrivalPlanTests
{
    private static readonly Gen<LoadSpec> Specs =
        from clients in Gen.Int[1, 100]
        from rate in Gen.Double[0.01, 1000]
        from ramp in Gen.Double[0, 30]
        from poisson in Gen.Bool
        from seed in Gen.Int
        select new LoadSpec
        {
            Mode = LoadMode.Open, Clients = clients, RatePerClient = rate, Ramp = TimeSpan.FromSeconds(ramp), Seed = seed,
            Arrivals = poisson ? Arrivals.Poisson : Arrivals.Constant,
        };

    [Fact]
    public void Next_same_spec_gives_the_same_plan_in_order() => Specs.Sample(spec =>
    {
        var plan = Take(spec, 200);
        Assert.Equal(plan, Take(spec, 200));
        Assert.Equal(plan.Order(), plan);
        Assert.True(plan[0] >= 0 && plan.All(double.IsFinite));
    });

    [Fact]
    public void Next_constant_has_no_drift()
    {
        var plan = Take(new LoadSpec { Mode = LoadMode.Open, Clients = 10, RatePerClient = 100 }, 1_000_001);
        Assert.Equal(0, plan[0]);
        Assert.Equal(1000, plan[^1], 1e-9);
    }

    [Fact]
    public void Next_ramp_sends_half_as_many_in_its_time()
    {
        var plan = Take(new LoadSpec { Mode = LoadMode.Open, Clients = 10, RatePerClient = 10, Ramp = TimeSpan.FromSeconds(20) }, 2000);
        Assert.Equal(1000, plan.Count(t => t < 20));
        Assert.Equal(250, plan.Count(t => t < 10));
        Assert.Equal(0.01, plan[1500] - plan[1499], 1e-9);
    }

    [Fact]
    public void Next_poisson_gaps_are_exponential()
    {
        var plan = Take(
            new LoadSpec
            {
                Mode = LoadMode.Open,
                Clients = 10,
                RatePerClient = 10,
                Arrivals = Arrivals.Poisson,
                Seed = 7,
            },
            100_001
        );
        var gaps = plan.Zip(plan.Skip(1), (a, b) => b - a).ToArray();
        var mean = gaps.Average();
        // Standard error of the mean is 0.3 %, of the variance about 1 %; the share below the mean is 1 - 1/e.
        Assert.Equal(0.01, mean, 0.0002);
        Assert.Equal(1, gaps.Select(g => (g - mean) * (g - mean)).Average() / (mean * mean), 0.05);
        Assert.Equal(1 - (1 / Math.E), gaps.Count(g => g < mean) / (double)gaps.Length, 0.01);
    }

    private static double[] Take(LoadSpec spec, int count)
    {
        var plan = new ArrivalPlan(spec);
        return [.. Enumerable.Range(0, count).Select(_ => plan.Next())];
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(1)]
    [InlineData(4)]
    public void Gamma_arrivals_have_the_rate_and_the_spread_of_their_shape(double shape)
    {
        var plan = new ArrivalPlan(new LoadSpec
        {
            Mode = FaultTolerance.Artefacts.LoadMode.Open, Clients = 1, RatePerClient = 50, Arrivals = Arrivals.Gamma, Burstiness = shape,
                Seed = 7,
        });
        var times = Enumerable.Range(0, 40_000).Select(_ => plan.Next()).ToArray();
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToArray();
        var mean = gaps.Average();
        var variation = Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean))) / mean;

        // Of gamma gaps the coefficient of variation is one by the root of the shape.
        Assert.InRange(mean * 50, 0.96, 1.04);
        Assert.InRange(variation * Math.Sqrt(shape), 0.95, 1.05);
        Assert.All(gaps, gap => Assert.True(gap >= 0));
    }
}

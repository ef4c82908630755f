using CsCheck;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Load.Work;

public sealed class LengthsTests
{
    private const int Many = 100_000;

    private static readonly Gen<LengthSpec> Curves =
        from kind in Gen.Bool.Select(normal => normal ? LengthKind.Normal : LengthKind.LogNormal)
        from mean in Gen.Double[1, 10_000]
        from ratio in Gen.Double[0, 3]
        from below in Gen.Double[0, 1]
        from above in Gen.Double[1, 20]
        select new LengthSpec
        {
            Kind = kind, Mean = mean, Deviation = ratio * mean,
            Min = Math.Max(1, (int)(below * mean)), Max = (int)Math.Ceiling(above * mean),
        };

    [Fact]
    public void Draw_any_spec_stays_within_its_bounds() => Curves.Select(Gen.Int).Sample((spec, seed) =>
        Assert.All(Draw(spec, 50, seed), length => Assert.InRange(length, spec.Min, spec.Max)));

    [Fact]
    public void Draw_same_seed_gives_the_same_lengths_in_any_order() => Curves.Select(Gen.Int).Sample((spec, seed) =>
    {
        var lengths = Draw(spec, 50, seed);
        Assert.Equal(lengths, Enumerable.Range(0, 50).Reverse().Select(number => One(spec, seed, number)).Reverse());
    });

    [Theory]
    [InlineData("Normal", 500, 100)]
    [InlineData("LogNormal", 500, 100)]
    [InlineData("LogNormal", 500, 600)]
    public void Draw_wide_bounds_has_the_mean_and_the_deviation_asked_for(string kind, double mean, double deviation)
    {
        var lengths = Draw(new LengthSpec { Kind = Enum.Parse<LengthKind>(kind), Mean = mean, Deviation = deviation }, Many, 1);

        var average = lengths.Average();
        Assert.Equal(mean, average, 0.02 * mean);
        Assert.Equal(deviation, Math.Sqrt(lengths.Average(x => (x - average) * (x - average))), 0.08 * deviation);
    }

    [Fact]
    public void Draw_log_normal_has_its_median_below_its_mean()
    {
        var lengths = Draw(new LengthSpec { Kind = LengthKind.LogNormal, Mean = 500, Deviation = 500 }, Many, 1).Order().ToArray();

        // exp(ln 500 - ln 2 / 2)
        Assert.Equal(500 / Math.Sqrt(2), lengths[Many / 2], 10.0);
    }

    [Fact]
    public void Draw_mixture_has_each_part_by_its_weight()
    {
        var mixture = new LengthSpec
        {
            Kind = LengthKind.Mixture,
            Parts =
            [
                new(3, LengthSpec.Fixed(10)),
                new(1, new LengthSpec { Kind = LengthKind.Normal, Mean = 1000, Deviation = 50, Min = 500, Max = 1500 }),
            ],
        };

        var lengths = Draw(mixture, Many, 1);
        Assert.Equal(0.75, lengths.Count(length => length == 10) / (double)Many, 0.01);
        Assert.Equal(1000, lengths.Where(length => length != 10).Average(), 2.0);
        Assert.Equal(1500, mixture.Most);
    }

    [Fact]
    public void Draw_other_seed_client_or_purpose_gives_other_lengths()
    {
        var spec = new LengthSpec { Kind = LengthKind.Normal, Mean = 5000, Deviation = 1000 };
        int[] Lengths(int seed, int client, DrawsFor what) => [.. Enumerable.Range(0, 20).Select(number => One(spec, seed, number, client, what))];

        int[][] all = [Lengths(1, 0, DrawsFor.InputLength), Lengths(2, 0, DrawsFor.InputLength), Lengths(1, 1, DrawsFor.InputLength),
            Lengths(1, 0, DrawsFor.OutputLength)];
        Assert.Equal(4, all.Select(lengths => string.Join(' ', lengths)).Distinct(StringComparer.Ordinal).Count());
    }

    private static int[] Draw(LengthSpec spec, int count, int seed) => [.. Enumerable.Range(0, count).Select(number => One(spec, seed, number))];

    private static int One(LengthSpec spec, int seed, int number, int client = 0, DrawsFor what = DrawsFor.InputLength)
    {
        var draws = SeededDraws.Of(seed, what, client, number);
        return Lengths.Draw(spec, ref draws);
    }
}

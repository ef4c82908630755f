using CsCheck;
using FaultTolerance.Results.Statistics;

namespace FaultTolerance.Tests.Results.Statistics;

public sealed class IntervalTests
{
    // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_matches_the_published_examples(long successes, long trials, double low, double high)
    {
        var interval = Wilson.Interval(successes, trials);

        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    // Newcombe 1998, "Interval estimation for the difference between independent proportions", table II, method 10: 56/70 less 48/80.
    [Fact]
    public void Wilson_difference_matches_the_published_example()
    {
        var (low, high) = Wilson.Difference(48, 80, 56, 70);

        Assert.Equal(0.0524, low, 4);
        Assert.Equal(0.3339, high, 4);
    }

    [Fact]
    public void Wilson_holds_the_share_and_stays_within_0_and_1() =>
        Gen.Select(Gen.Long[0, 1000], Gen.Long[0, 1000])
            .Sample(
                (a, b) =>
                {
                    var (low, high) = Wilson.Interval(a, a + b);
                    return low >= 0
                        && high <= 1
                        && low <= high
                        && (a + b == 0 || (low <= (double)a / (a + b) + 1e-12 && high >= ((double)a / (a + b)) - 1e-12));
                }
            );

    // The score interval's coverage wavers around its level for single shares; over shares it is right, which is what its use here needs.
    [Fact]
    public void Wilson_covers_95_percent_of_shares_within_a_point_and_a_half()
    {
        var random = new Random(7);
        var (hits, all) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var (share, n) = (0.05 + (0.9 * random.NextDouble()), 30);
            var successes = Enumerable.Range(0, n).Count(_ => random.NextDouble() < share);
            var (low, high) = Wilson.Interval(successes, n);
            hits += low <= share && share <= high ? 1 : 0;
            all++;
        }

        Assert.InRange((double)hits / all, 0.935, 0.965);
    }

    [Fact]
    public void Quantile_interval_covers_95_percent_of_medians_within_a_point_and_a_half()
    {
        var random = new Random(11);
        var hits = 0;
        const int Trials = 4000;
        for (var i = 0; i < Trials; i++)
        {
            var sample = Enumerable.Range(0, 199).Select(_ => -Math.Log(1 - random.NextDouble())).Order().ToArray();
            var (_, low, high) = QuantileInterval.Of(sample, 0.5);
            hits += low <= Math.Log(2) && Math.Log(2) <= high ? 1 : 0;
        }

        Assert.InRange((double)hits / Trials, 0.935, 0.965);
    }

    [Fact]
    public void Bootstrap_of_a_median_covers_95_percent_within_a_point_and_a_half()
    {
        var random = new Random(13);
        var hits = 0;
        const int Trials = 600;
        for (var i = 0; i < Trials; i++)
        {
            var sample = Enumerable.Range(0, 41).Select(_ => random.NextDouble()).ToArray();
            var (low, high) = Bootstrap.Interval(sample, Bootstrap.Median, seed: i);
            hits += low <= 0.5 && 0.5 <= high ? 1 : 0;
        }

        // 600 trials have a standard error of 0.9 points of their own.
        Assert.InRange((double)hits / Trials, 0.95 - 0.015 - 0.018, 0.95 + 0.015 + 0.018);
    }

    // Few values of distributions of different shapes, as trials have them. 20,000 samples have a standard error of 0.15 points of their
    // own.
    [Theory]
    [InlineData(6, "even")]
    [InlineData(7, "even")]
    [InlineData(10, "even")]
    [InlineData(6, "skewed")]
    [InlineData(8, "skewed")]
    [InlineData(15, "skewed")]
    [InlineData(9, "peaked")]
    [InlineData(20, "peaked")]
    public void Median_interval_of_few_values_covers_95_percent_within_a_point_and_a_half(int values, string shape)
    {
        var random = new Random(17);
        var median = shape switch { "even" => 0.5, "skewed" => Math.Log(2), _ => 0 };
        var hits = 0;
        const int Samples = 20_000;
        for (var i = 0; i < Samples; i++)
        {
            var (low, high) = MedianInterval.Of([.. Enumerable.Range(0, values).Select(_ => Draw(random, shape))])!.Value;
            hits += low <= median && median <= high ? 1 : 0;
        }

        Assert.InRange((double)hits / Samples, 0.935, 0.965);
    }

    // Conover's exact ranks: of 6 values the least and the greatest cover 1 - 2/2^6, of 9 the second and the eighth 1 - 20/2^9.
    [Fact]
    public void Median_interval_lies_between_the_order_statistics_that_cover_more_and_less()
    {
        var (low, high) = MedianInterval.Of([1, 2, 3, 4, 5, 6, 7, 8, 9])!.Value;

        Assert.InRange(low, 2, 3);
        Assert.InRange(high, 7, 8);
        Assert.Equal(10, low + high, 9);
        Assert.Null(MedianInterval.Of([1, 2, 3, 4, 5]));
        Assert.Equal(0.75, MedianInterval.OfAll(3), 9);
        Assert.Equal(0.9375, MedianInterval.OfAll(5), 9);
    }

    // 20,000 pairs of samples have a standard error of 0.15 points of their own.
    [Theory]
    [InlineData(3, 5, "even")]
    [InlineData(4, 4, "even")]
    [InlineData(4, 4, "skewed")]
    [InlineData(5, 5, "peaked")]
    [InlineData(4, 7, "skewed")]
    [InlineData(6, 6, "even")]
    [InlineData(10, 8, "skewed")]
    public void Shift_interval_of_few_values_covers_95_percent_within_a_point_and_a_half(int first, int second, string shape)
    {
        var random = new Random(19);
        var hits = 0;
        const int Samples = 20_000;
        for (var i = 0; i < Samples; i++)
        {
            double[] a = [.. Enumerable.Range(0, first).Select(_ => Draw(random, shape))];
            double[] b = [.. Enumerable.Range(0, second).Select(_ => 2 + Draw(random, shape))];
            var (low, high) = ShiftInterval.Of(a, b)!.Value;
            hits += low <= 2 && 2 <= high ? 1 : 0;
        }

        Assert.InRange((double)hits / Samples, 0.935, 0.965);
    }

    // Of 4 and 4, the outermost of 16 differences leave out 1 order of 70 on each side, and the next ones 2: 2.5 % is 1.75 orders.
    [Fact]
    public void Shift_interval_ends_where_its_ranks_make_95_percent()
    {
        var (low, high) = ShiftInterval.Of([0, 10, 20, 30], [1, 12, 23, 34])!.Value;

        // The differences: -29, -19, ..., 23, 34.
        Assert.Equal((-29 * 0.25) + (-19 * 0.75), low, 9);
        Assert.Equal((34 * 0.25) + (24 * 0.75), high, 9);
    }

    [Theory]
    [InlineData(0, 9)]
    [InlineData(1, 9)]
    [InlineData(3, 4)]
    [InlineData(3, 3)]
    public void Shift_interval_of_too_few_values_is_none(int first, int second) =>
        Assert.Null(ShiftInterval.Of(new double[first], new double[second]));

    [Fact]
    public void Bootstrap_is_the_same_for_the_same_seed_and_empty_samples_are_refused()
    {
        double[] sample = [1, 2, 3, 4, 8];

        Assert.Equal(Bootstrap.Interval(sample, Bootstrap.Median, seed: 3), Bootstrap.Interval(sample, Bootstrap.Median, seed: 3));
        Assert.Equal(3, Bootstrap.Median([8, 1, 3]));
        Assert.Equal(2.5, Bootstrap.Median([4, 1, 2, 3]));
        Assert.Throws<ArgumentException>(() => Bootstrap.Interval([], Bootstrap.Median));
    }

    private static double Draw(Random random, string shape) => shape switch
    {
        "even" => random.NextDouble(),
        "skewed" => -Math.Log(1 - random.NextDouble()),
        _ => Math.Tan(Math.PI * 0.4 * ((2 * random.NextDouble()) - 1)),
    };
}

using CsCheck;

namespace FaultTolerance.Tests;

public sealed class HistogramTests
{
    private static readonly Gen<long[]> Values = Gen.OneOf(
        Gen.Long[0, 300],
        Gen.Long[0, 10_000_000_000],
        Gen.Long[0, long.MaxValue / 2]
    ).Array[1, 200];

    [Fact]
    public void Quantile_is_within_a_2048th_of_the_exact_one() =>
        Gen.Select(Values, Gen.Double[0, 1]).Sample((values, share) =>
        {
            var histogram = Of(values);
            var sorted = values.Order().ToArray();
            var exact = sorted[Math.Clamp((int)Math.Ceiling(share * values.Length), 1, values.Length) - 1];

            Assert.InRange(histogram.Quantile(share), exact * (1 - (1 / 2048.0)), exact * (1 + (1 / 2048.0)));
        });

    [Fact]
    public void Add_from_many_threads_loses_nothing()
    {
        var histogram = new Histogram();

        Parallel.For(0, 20_000, i => histogram.Add(i));

        Assert.Equal((20_000, 19_999, 0.0), (histogram.Count, histogram.Max, histogram.Quantile(0)));
    }

    [Fact]
    public void Add_ofAnother_isAsIfItsValuesWereAdded() =>
        Gen.Select(Values, Gen.OneOf(Values, Gen.Const(Array.Empty<long>())), Gen.Double[0, 1]).Sample((values, more, share) =>
        {
            var histogram = Of(values);
            var whole = Of([.. values, .. more]);

            histogram.Add(Of(more));

            Assert.Equal(
                (whole.Count, whole.Max, whole.Quantile(0), whole.Quantile(share)),
                (histogram.Count, histogram.Max, histogram.Quantile(0), histogram.Quantile(share)));
        });

    [Fact]
    public void Quantile_of_nothing_is_not_a_number() => Assert.True(double.IsNaN(new Histogram().Quantile(0.5)));

    private static Histogram Of(long[] values)
    {
        var histogram = new Histogram();
        Array.ForEach(values, histogram.Add);
        return histogram;
    }
}

using CsCheck;
using FaultTolerance.Results.Statistics;

namespace FaultTolerance.Tests.Results.Statistics;

public sealed class HistogramTests
{
    private static readonly Gen<long[]> Values = Gen.OneOf(Gen.Long[0, 300], Gen.Long[0, 10_000_000_000], Gen.Long[0, long.MaxValue / 2]).Array[1, 200];

    [Fact]
    public void Quantile_is_within_one_percent_of_the_exact_one() =>
        Gen.Select(Values, Gen.Double[0, 1]).Sample((values, share) =>
        {
            var histogram = Of(values);
            var sorted = values.Order().ToArray();
            var exact = sorted[Math.Clamp((int)Math.Ceiling(share * values.Length), 1, values.Length) - 1];

            Assert.InRange(histogram.Quantile(share), exact * 0.99, exact * 1.01);
        });

    [Fact]
    public void Add_of_parts_equals_the_whole() =>
        Gen.Select(Values, Values).Sample((left, right) =>
        {
            var whole = Of([.. left, .. right]);
            var merged = Of(left);
            merged.Add(Of(right));

            Assert.Equal((whole.Count, whole.Min, whole.Max, whole.Mean), (merged.Count, merged.Min, merged.Max, merged.Mean));
            Assert.All([0, 0.1, 0.5, 0.9, 0.99, 1], share => Assert.Equal(whole.Quantile(share), merged.Quantile(share)));
        });

    [Fact]
    public void Empty_histogram_has_no_quantile()
    {
        Assert.True(double.IsNaN(new Histogram().Quantile(0.5)));
        Assert.True(double.IsNaN(new Histogram().Mean));
    }

    private static Histogram Of(long[] values)
    {
        var histogram = new Histogram();
        Array.ForEach(values, histogram.Add);
        return histogram;
    }
}

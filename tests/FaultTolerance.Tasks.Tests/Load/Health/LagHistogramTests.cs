using CsCheck;

namespace FaultTolerance.Load.Health;

public sealed class LagHistogramTests
{
    [Fact]
    public void Quantile_is_the_exact_one_within_a_buckets_width() =>
        Gen.Select(Gen.Long[0, 100_000_000_000].Array[1, 200], Gen.Double[0, 1]).Sample((values, share) =>
        {
            var histogram = new LagHistogram();
            Array.ForEach(values, histogram.Add);
            var exact = values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(share * values.Length) - 1)) / 1e9;
            Assert.InRange(histogram.Quantile(share), exact * (1 - 1e-9), (exact * (1 + (1.0 / 64))) + 1e-9);
            Assert.Equal(values.Max() / 1e9, histogram.Max);
        });

    [Fact]
    public void Quantile_of_nothing_is_0() => Assert.Equal(0, new LagHistogram().Quantile(0.99));
}

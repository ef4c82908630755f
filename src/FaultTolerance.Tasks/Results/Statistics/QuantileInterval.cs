namespace FaultTolerance.Results.Statistics;

/// <summary>
/// Intervals for quantiles that assume nothing of the distribution: order statistics whose ranks lie a binomial deviation on either side
/// (Conover, Practical Nonparametric Statistics, 3.2). Those of a difference by squaring and adding (Zou and Donner 2008).
/// </summary>
internal static class QuantileInterval
{
    /// <summary>The quantile with its interval of 95 %.</summary>
    /// <param name="sorted">At least one value, ascending.</param>
    /// <param name="share">0 to 1.</param>
    public static (double Value, double Low, double High) Of(double[] sorted, double share)
    {
        ArgumentNullException.ThrowIfNull(sorted);
        if (sorted.Length == 0)
        {
            throw new ArgumentException("A sample needs at least one value.", nameof(sorted));
        }

        var n = sorted.Length;
        var half = Wilson.Z95 * Math.Sqrt(n * share * (1 - share));
        double At(double rank) => sorted[(int)Math.Clamp(rank - 1, 0, n - 1)];
        return (At(Math.Ceiling(n * share)), At(Math.Floor((n * share) - half)), At(Math.Ceiling((n * share) + half) + 1));
    }

    /// <summary>The second sample's quantile less the first's, with its interval of 95 %.</summary>
    public static (double Value, double Low, double High) Difference(double[] first, double[] second, double share)
    {
        var (a, b) = (Of(first, share), Of(second, share));
        return (
            b.Value - a.Value,
            b.Value - a.Value - Math.Sqrt(Math.Pow(b.Value - b.Low, 2) + Math.Pow(a.High - a.Value, 2)),
            b.Value - a.Value + Math.Sqrt(Math.Pow(b.High - b.Value, 2) + Math.Pow(a.Value - a.Low, 2)));
    }
}

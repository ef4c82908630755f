namespace FaultTolerance.Results.Statistics;

/// <summary>
/// Wilson's score interval for a share (Wilson 1927), and Newcombe's for the difference of two (Newcombe 1998, method 10).
/// </summary>
internal static class Wilson
{
    /// <summary>The normal deviate of a two-sided interval of 95 %.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>The interval of a share.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">From 0; without any the interval is 0 to 1.</param>
    /// <param name="z">The normal deviate, 1.96 for 95 %.</param>
    public static (double Low, double High) Interval(long successes, long trials, double z = Z95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, successes);
        if (trials == 0)
        {
            return (0, 1);
        }

        var (n, p, zz) = ((double)trials, (double)successes / trials, z * z);
        var centre = (p + (zz / (2 * n))) / (1 + (zz / n));
        var half = z / (1 + (zz / n)) * Math.Sqrt((p * (1 - p) / n) + (zz / (4 * n * n)));
        return (successes == 0 ? 0 : Math.Max(0, centre - half), successes == trials ? 1 : Math.Min(1, centre + half));
    }

    /// <summary>The interval of the second share less the first.</summary>
    public static (double Low, double High) Difference(long successesA, long trialsA, long successesB, long trialsB, double z = Z95)
    {
        if (trialsA == 0 || trialsB == 0)
        {
            return (-1, 1);
        }

        var (a, b) = ((double)successesA / trialsA, (double)successesB / trialsB);
        var ((lowA, highA), (lowB, highB)) = (Interval(successesA, trialsA, z), Interval(successesB, trialsB, z));
        return (
            b - a - Math.Sqrt(Math.Pow(b - lowB, 2) + Math.Pow(highA - a, 2)),
            b - a + Math.Sqrt(Math.Pow(highB - b, 2) + Math.Pow(a - lowA, 2)));
    }
}

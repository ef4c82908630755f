namespace FaultTolerance.Results.Statistics;

/// <summary>
/// By how much one sample lies above another, with an interval that assumes nothing of their distribution but that it is the same for
/// both: the median of all pairwise differences, and those of them that the rank-sum test leaves (Hodges and Lehmann 1963). It covers at
/// least 95 %; where the values are too few for that, there is none.
/// </summary>
public static class ShiftInterval
{
    private const double Tail = 0.025;

    /// <summary>The interval of the second sample's shift against the first; null where the samples are too small (3 and 4, or less).</summary>
    public static (double Low, double High)? Of(IReadOnlyCollection<double> first, IReadOnlyCollection<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var outside = Outside(first.Count, second.Count);
        if (outside < 1)
        {
            return null;
        }

        double[] differences = [.. first.SelectMany(_ => second, (a, b) => b - a).Order()];
        return (differences[outside - 1], differences[^outside]);
    }

    // The rank of the outermost difference to keep: the greatest k for which U < k is no likelier than the tail.
    private static int Outside(int m, int n)
    {
        if (m == 0 || n == 0)
        {
            return 0;
        }

        var ways = Ways(m, n);
        var (all, below, k) = (ways.Sum(), 0.0, 0);
        while (k < ways.Length && (below + ways[k]) / all <= Tail)
        {
            below += ways[k++];
        }

        return k;
    }

    // In how many orders of m and n values the rank-sum statistic U takes each of its values: the coefficients of Gauss's binomial.
    private static double[] Ways(int m, int n)
    {
        var ways = new double[(m * n) + 1];
        ways[0] = 1;
        for (var i = 1; i <= m; i++)
        {
            for (var u = ways.Length - 1; u >= n + i; u--)
            {
                ways[u] -= ways[u - n - i];
            }

            for (var u = i; u < ways.Length; u++)
            {
                ways[u] += ways[u - i];
            }
        }

        return ways;
    }
}

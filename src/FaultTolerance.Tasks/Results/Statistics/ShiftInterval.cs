namespace FaultTolerance.Results.Statistics;

/// <summary>
/// By how much one sample lies above another, with an interval of 95 % that assumes nothing of their distribution but that it is the same
/// for both: those of the pairwise differences that the rank-sum test leaves (Hodges and Lehmann 1963). Ranks of few values allow no 95 %
/// of their own (4 and 4: 97.1 or 94.3), so the ends lie between the difference that covers more and the next, which covers less, by the
/// share that makes 95; by simulation of 3 and 5 to 10 and 8 values, whatever their distribution, that covers 94.6 to 95.8 %.
/// </summary>
internal static class ShiftInterval
{
    private const double Tail = 0.025;

    /// <summary>
    /// The interval of the second sample's shift against the first; null where the samples are too small (3 and 4, or less).
    /// </summary>
    public static (double Low, double High)? Of(IReadOnlyCollection<double> first, IReadOnlyCollection<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count == 0 || second.Count == 0)
        {
            return null;
        }

        var (outside, share) = Outside(first.Count, second.Count);
        if (outside < 1)
        {
            return null;
        }

        double[] differences = [.. first.SelectMany(_ => second, (a, b) => b - a).Order()];
        return (
            ((1 - share) * differences[outside - 1]) + (share * differences[outside]),
            ((1 - share) * differences[^outside]) + (share * differences[^(outside + 1)]));
    }

    // The rank of the outermost difference that covers enough (the greatest k for which U < k is no likelier than the tail), and how far
    // towards the next one the tail is full.
    private static (int Rank, double Share) Outside(int m, int n)
    {
        var ways = Ways(m, n);
        var (tail, below, k) = (Tail * ways.Sum(), 0.0, 0);
        while (below + ways[k] <= tail)
        {
            below += ways[k++];
        }

        return (k, (tail - below) / ways[k]);
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

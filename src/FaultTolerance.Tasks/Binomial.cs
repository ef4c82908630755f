namespace FaultTolerance;

/// <summary>How many of a number of requests may be bad by chance.</summary>
internal static class Binomial
{
    // Once in 10,000 windows.
    private const double Level = 0.9999;
    private const double Deviations = 3.72;

    /// <summary>
    /// The most of <paramref name="count"/> that are bad by chance when each is with a probability of <paramref name="share"/>: the 0.9999
    /// quantile.
    /// </summary>
    public static int Most(int count, double share)
    {
        if (share <= 0)
        {
            return 0;
        }

        if (count > 5000)
        {
            // The normal approximation is good here, and the first term of the sum below would vanish.
            return (int)Math.Ceiling((share * count) + (Deviations * Math.Sqrt(count * share * (1 - share))));
        }

        var term = Math.Pow(1 - share, count);
        var (most, sum) = (0, term);
        while (sum < Level && most < count)
        {
            term *= (double)(count - most) / (most + 1) * (share / (1 - share));
            most++;
            sum += term;
        }

        return most;
    }
}

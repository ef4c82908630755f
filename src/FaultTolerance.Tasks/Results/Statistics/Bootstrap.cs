namespace FaultTolerance.Results.Statistics;

/// <summary>Intervals by resampling (Efron 1979), seeded: the same values give the same interval.</summary>
internal static class Bootstrap
{
    /// <summary>Resamples where nobody asks for another number.</summary>
    public const int Resamples = 2000;

    /// <summary>The percentile interval of a statistic of one sample.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="statistic">Of a sample that it may reorder.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <param name="level">Between 0 and 1.</param>
    public static (double Low, double High) Interval(
        IReadOnlyList<double> values,
        Func<double[], double> statistic,
        int seed = 1,
        double level = 0.95
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(statistic);
        ThrowIfEmpty(values);
        var random = new Random(seed);
        return Ends(() => statistic(Draw(values, random)), level);
    }

    /// <summary>The percentile interval of a statistic's difference, second less first, between two independent samples.</summary>
    public static (double Low, double High) Difference(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        Func<double[], double> statistic,
        int seed = 1,
        double level = 0.95
    )
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(statistic);
        ThrowIfEmpty(first);
        ThrowIfEmpty(second);
        var random = new Random(seed);
        return Ends(() => statistic(Draw(second, random)) - statistic(Draw(first, random)), level);
    }

    /// <summary>The median; of an even number the mean of the middle two.</summary>
    public static double Median(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ThrowIfEmpty(values);
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    private static void ThrowIfEmpty(IReadOnlyCollection<double> sample)
    {
        if (sample.Count == 0)
        {
            throw new ArgumentException("A sample needs at least one value.", nameof(sample));
        }
    }

    private static (double Low, double High) Ends(Func<double> one, double level)
    {
        var results = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            results[i] = one();
        }

        Array.Sort(results);
        var tail = (1 - level) / 2;
        return (results[(int)(tail * (Resamples - 1))], results[(int)Math.Ceiling((1 - tail) * (Resamples - 1))]);
    }

    private static double[] Draw(IReadOnlyList<double> values, Random random)
    {
        var sample = new double[values.Count];
        for (var i = 0; i < sample.Length; i++)
        {
            sample[i] = values[random.Next(values.Count)];
        }

        return sample;
    }
}

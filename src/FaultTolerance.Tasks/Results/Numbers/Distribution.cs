namespace FaultTolerance.Results.Numbers;

/// <summary>
/// A distribution in seconds. Percentiles are the least value with at least that share of the values at or below it, within 0.05 %; the
/// mean and the greatest are exact, but for gaps between tokens, which the log has within 0.4 %.
/// </summary>
/// <param name="Count">How many values.</param>
/// <param name="Mean">Their arithmetic mean.</param>
/// <param name="P50">Median.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P95">95th.</param>
/// <param name="P99">99th.</param>
/// <param name="Max">The greatest.</param>
internal sealed record Distribution(long Count, double Mean, double P50, double P90, double P95, double P99, double Max)
{
    /// <summary>The value at a share, in seconds.</summary>
    public required Func<double, double> At { get; init; }
}

/// <summary>Gathers values of a distribution.</summary>
internal sealed class Tally
{
    private readonly Histogram _values = new();
    private double _sum;
    private long _count;

    /// <summary>Adds a value several times.</summary>
    /// <param name="nanoseconds">The value.</param>
    /// <param name="times">How often.</param>
    public void Add(long nanoseconds, int times = 1)
    {
        _values.Add(nanoseconds, times);
        _sum += (double)nanoseconds * times;
        _count += times;
    }

    /// <summary>Adds all values of another one.</summary>
    public void Add(Tally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _values.Add(other._values);
        _sum += other._sum;
        _count += other._count;
    }

    /// <summary>The distribution; null where there is no value.</summary>
    public Distribution? Sum() => _count == 0 ? null
        : new Distribution(
            _count, _sum / _count / 1e9, Quantile(0.5), Quantile(0.9), Quantile(0.95), Quantile(0.99), _values.Max / 1e9) { At = Quantile };

    private double Quantile(double share) => _values.Quantile(share) / 1e9;
}

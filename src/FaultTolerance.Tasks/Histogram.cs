namespace FaultTolerance;

/// <summary>
/// A log-linear histogram of non-negative whole numbers (nanoseconds, mostly): 1,024 buckets for each doubling, so a value read back is
/// off by at most 1/2048 of itself, 0.05 %. Values under 2,048 are exact, and so are count, least and greatest. It holds what its values'
/// doublings need, 8 KiB each.
/// Any number of threads may add at the same time, without a lock; reading while they do gives what was there at some moment.
/// </summary>
internal sealed class Histogram
{
    private const int Sub = 1024;
    private static readonly LogBuckets Buckets = new(10);
    private readonly long[]?[] _pages = new long[]?[(Buckets.Of(long.MaxValue) / Sub) + 1];
    private long _min = long.MaxValue;
    private long _max;

    /// <summary>How many values.</summary>
    public long Count => _pages.Sum(page => page?.Sum() ?? 0);

    /// <summary>The greatest value; 0 where there is none.</summary>
    public long Max => Volatile.Read(ref _max);

    /// <summary>Adds a value; negative ones count as 0.</summary>
    public void Add(long value) => Add(value, 1);

    /// <summary>Adds a value several times; negative ones count as 0.</summary>
    public void Add(long value, int times)
    {
        value = Math.Max(0, value);
        var bucket = Buckets.Of(value);
        Interlocked.Add(ref Page(bucket / Sub)[bucket % Sub], times);
        Widen(value);
    }

    /// <summary>Adds all values of another one.</summary>
    public void Add(Histogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Volatile.Read(ref other._min) == long.MaxValue)
        {
            return;
        }

        for (var page = 0; page < _pages.Length; page++)
        {
            for (var i = 0; Volatile.Read(ref other._pages[page]) is { } counts && i < Sub; i++)
            {
                if (counts[i] != 0)
                {
                    Interlocked.Add(ref Page(page)[i], counts[i]);
                }
            }
        }

        Widen(other.Max);
        Widen(Volatile.Read(ref other._min));
    }

    /// <summary>
    /// The least value with at least a share <paramref name="share"/> (0 to 1) of the values at or below it; not a number where there is
    /// none.
    /// </summary>
    public double Quantile(double share)
    {
        var count = Count;
        if (count == 0)
        {
            return double.NaN;
        }

        var (min, max) = (Volatile.Read(ref _min), Max);
        var rank = Math.Clamp((long)Math.Ceiling(share * count), 1, count);
        long seen = 0;
        for (var page = 0; page < _pages.Length && rank < count; page++)
        {
            for (var i = 0; _pages[page] is { } counts && i < Sub; i++)
            {
                seen += counts[i];
                if (seen >= rank)
                {
                    return Math.Clamp(Buckets.Middle((page * Sub) + i), min, max);
                }
            }
        }

        return max;
    }

    private void Widen(long value)
    {
        for (var max = Volatile.Read(ref _max); value > max;)
        {
            max = Interlocked.CompareExchange(ref _max, value, max) is var seen && seen == max ? value : seen;
        }

        for (var min = Volatile.Read(ref _min); value < min;)
        {
            min = Interlocked.CompareExchange(ref _min, value, min) is var seen && seen == min ? value : seen;
        }
    }

    private long[] Page(int index) =>
        Volatile.Read(ref _pages[index]) ?? Interlocked.CompareExchange(ref _pages[index], new long[Sub], null) ?? _pages[index]!;
}

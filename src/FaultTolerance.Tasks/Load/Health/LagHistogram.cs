using System.Numerics;

namespace FaultTolerance.Load.Health;

/// <summary>
/// Durations in nanoseconds, counted in buckets of at most 1/64 (1.6 %) relative width, without a lock. Small on purpose: it is
/// for the generator's own figures; the parser has a finer one.
/// </summary>
internal sealed class LagHistogram
{
    private const int Sub = 64;
    private readonly long[] _buckets = new long[Sub * 59];
    private long _max;

    /// <summary>Values added.</summary>
    public long Count => _buckets.Sum();

    /// <summary>Largest value, seconds.</summary>
    public double Max => Interlocked.Read(ref _max) / 1e9;

    /// <summary>Adds a duration; what is less than 0 counts as 0.</summary>
    public void Add(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        Interlocked.Increment(ref _buckets[Index(nanoseconds)]);
        var max = Interlocked.Read(ref _max);
        while (nanoseconds > max && Interlocked.CompareExchange(ref _max, nanoseconds, max) is var seen && seen != max)
        {
            max = seen;
        }
    }

    /// <summary>The duration, in seconds, that a share of the values does not exceed; 0 without values.</summary>
    public double Quantile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        for (int i = 0; i < _buckets.Length; i++)
        {
            rank -= _buckets[i];
            if (rank <= 0)
            {
                return Math.Min(Max, Upper(i) / 1e9);
            }
        }

        return Max;
    }

    // Values below 64 have a bucket each; above, each power of two has 64 of equal width.
    private static int Index(long value)
    {
        if (value < Sub)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - 6;
        return (shift * Sub) + (int)(value >> shift);
    }

    private static double Upper(int index)
    {
        if (index < 2 * Sub)
        {
            return index;
        }

        var shift = (index / Sub) - 1;
        return Math.ScaleB((index - (shift * Sub)) + 1, shift) - 1;
    }
}

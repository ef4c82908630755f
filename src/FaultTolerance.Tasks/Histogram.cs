using System.Numerics;

namespace FaultTolerance;

/// <summary>
/// A log-linear histogram of non-negative whole numbers (nanoseconds, mostly): 128 buckets for each doubling, so a value read back is
/// off by at most 1/256 of itself, below the 1 % that is promised. Values under 256 are exact, and so are count, least and greatest.
/// Any number of threads may add at the same time, without a lock; reading while they do gives what was there at some moment.
/// </summary>
internal sealed class Histogram
{
    private const int SubBits = 7;
    private const int Sub = 1 << SubBits;
    private readonly long[] _counts = new long[Bucket(long.MaxValue) + 1];
    private long _min = long.MaxValue;
    private long _max;

    /// <summary>How many values.</summary>
    public long Count => _counts.Sum();

    /// <summary>The greatest value; 0 where there is none.</summary>
    public long Max => Volatile.Read(ref _max);

    /// <summary>The bucket of a value of 0 or more.</summary>
    internal static int BucketOf(long value) => Bucket(Math.Max(0, value));

    /// <summary>The value in the middle of a bucket.</summary>
    internal static double MiddleOf(int bucket) => Middle(bucket);

    /// <summary>Adds a value; negative ones count as 0.</summary>
    public void Add(long value) => Add(value, 1);

    /// <summary>Adds a value several times; negative ones count as 0.</summary>
    public void Add(long value, int times)
    {
        value = Math.Max(0, value);
        Interlocked.Add(ref _counts[Bucket(value)], times);
        for (var max = Volatile.Read(ref _max); value > max;)
        {
            max = Interlocked.CompareExchange(ref _max, value, max) is var seen && seen == max ? value : seen;
        }

        for (var min = Volatile.Read(ref _min); value < min;)
        {
            min = Interlocked.CompareExchange(ref _min, value, min) is var seen && seen == min ? value : seen;
        }
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
        for (var i = 0; i < _counts.Length && rank < count; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Clamp(Middle(i), min, max);
            }
        }

        return max;
    }

    private static int Bucket(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBits);
        return (shift * Sub) + (int)(value >> shift);
    }

    private static double Middle(int bucket)
    {
        if (bucket < 2 * Sub)
        {
            return bucket;
        }

        var shift = (bucket / Sub) - 1;
        var low = (double)(((long)(bucket % Sub) + Sub) << shift);
        return low + (((1L << shift) - 1) / 2.0);
    }
}

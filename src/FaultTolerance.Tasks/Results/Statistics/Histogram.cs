using System.Numerics;

namespace FaultTolerance.Results.Statistics;

/// <summary>
/// A log-linear histogram of non-negative whole numbers (nanoseconds, mostly): 128 buckets for each doubling, so a value read back is
/// off by at most 1/256 of itself, below the 1 % that is promised. Values under 256 are exact, and so are count, sum, least and greatest.
/// Histograms of parts can be added up.
/// </summary>
public sealed class Histogram
{
    private const int SubBits = 7;
    private const int Sub = 1 << SubBits;
    private long[] _counts = new long[2 * Sub];
    private Int128 _sum;

    /// <summary>How many values.</summary>
    public long Count { get; private set; }

    /// <summary>The greatest value; 0 where there is none.</summary>
    public long Max { get; private set; }

    /// <summary>The least value; 0 where there is none.</summary>
    public long Min { get; private set; }

    /// <summary>The arithmetic mean; not a number where there is none.</summary>
    public double Mean => Count == 0 ? double.NaN : (double)_sum / Count;

    /// <summary>Adds a value; negative ones count as 0.</summary>
    public void Add(long value)
    {
        value = Math.Max(0, value);
        var bucket = Bucket(value);
        Grow(bucket + 1);
        _counts[bucket]++;
        (Min, Max) = Count == 0 ? (value, value) : (Math.Min(Min, value), Math.Max(Max, value));
        Count++;
        _sum += value;
    }

    /// <summary>Adds all values of another histogram.</summary>
    public void Add(Histogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count == 0)
        {
            return;
        }

        Grow(other._counts.Length);
        for (var i = 0; i < other._counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        (Min, Max) = Count == 0 ? (other.Min, other.Max) : (Math.Min(Min, other.Min), Math.Max(Max, other.Max));
        Count += other.Count;
        _sum += other._sum;
    }

    /// <summary>The least value with at least a share <paramref name="share"/> (0 to 1) of the values at or below it; not a number where there is none.</summary>
    public double Quantile(double share)
    {
        if (Count == 0)
        {
            return double.NaN;
        }

        var rank = Math.Clamp((long)Math.Ceiling(share * Count), 1, Count);
        if (rank == Count)
        {
            return Max;
        }

        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Clamp(Middle(i), Min, Max);
            }
        }

        return Max;
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

    private void Grow(int length)
    {
        if (length > _counts.Length)
        {
            Array.Resize(ref _counts, Math.Max(length, _counts.Length * 2));
        }
    }
}

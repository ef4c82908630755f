using System.Numerics;

namespace FaultTolerance;

/// <summary>
/// Log-linear buckets of non-negative whole numbers: 2^<paramref name="Bits"/> of them for each doubling, so that a bucket's middle is off
/// by at most 1/2^(<paramref name="Bits"/>+1) of a value in it. Values under 2^(<paramref name="Bits"/>+1) have one of their own.
/// </summary>
/// <param name="Bits">1 to 20.</param>
internal readonly record struct LogBuckets(int Bits)
{
    /// <summary>Those of the gaps between tokens in a client's log: 128 for each doubling, within 0.4 %.</summary>
    public static LogBuckets OfGaps { get; } = new(7);

    private int Sub => 1 << Bits;

    /// <summary>The bucket of a value; that of 0 for a negative one.</summary>
    public int Of(long value)
    {
        value = Math.Max(0, value);
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - Bits);
        return (shift << Bits) + (int)(value >> shift);
    }

    /// <summary>The value in the middle of a bucket.</summary>
    public double Middle(int bucket)
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

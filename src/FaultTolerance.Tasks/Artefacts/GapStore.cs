namespace FaultTolerance.Artefacts;

/// <summary>
/// The gaps between tokens of many attempts, compact: for each attempt how many gaps fell into which bucket of <see cref="LogBuckets.OfGaps"/>.
/// </summary>
internal sealed class GapStore
{
    // Place 0 stands for none.
    private readonly List<ushort> _values = [0];

    /// <summary>Begins the gaps of an attempt.</summary>
    /// <returns>Their place.</returns>
    public int Begin()
    {
        _values.Add(0);
        return _values.Count - 1;
    }

    /// <summary>Adds gaps to the attempt that was begun last.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="nanoseconds">Their length.</param>
    /// <param name="count">How many, at least 1.</param>
    public void Add(int place, long nanoseconds, int count)
    {
        for (; count > 0 && _values[place] < ushort.MaxValue; count -= ushort.MaxValue)
        {
            _values.Add((ushort)LogBuckets.OfGaps.Of(nanoseconds));
            _values.Add((ushort)Math.Min(count, ushort.MaxValue));
            _values[place]++;
        }
    }

    /// <summary>The gaps of an attempt: how long, in nanoseconds, and how many.</summary>
    /// <param name="place">Its place; 0 for none.</param>
    public IEnumerable<(long Nanoseconds, int Count)> Of(int place)
    {
        for (var (i, at) = (place == 0 ? 0 : (int)_values[place], place + 1); i > 0; i--, at += 2)
        {
            yield return ((long)LogBuckets.OfGaps.Middle(_values[at]), _values[at + 1]);
        }
    }
}

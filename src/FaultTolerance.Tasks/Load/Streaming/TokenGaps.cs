using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Load.Streaming;

/// <summary>
/// Gaps between tokens: the longest exactly, the median over an even sample of at most 2,048 of them, and all of them within 0.4 % of
/// their length.
/// </summary>
internal sealed class TokenGaps
{
    private const int Most = 2048;
    private float[] _sample = [];
    private int _count;
    private int _every = 1;
    private int _skipped;

    // Which buckets gaps fell into, by bucket: a stream has a few dozen, however long it is.
    private int[] _buckets = [];
    private int[] _counts = [];
    private int _used;

    /// <summary>Longest gap, seconds; NaN without one.</summary>
    public double Max { get; private set; } = double.NaN;

    /// <summary>Median gap, seconds; NaN without one.</summary>
    public double Median()
    {
        if (_count == 0)
        {
            return double.NaN;
        }

        var sample = _sample.AsSpan(0, _count);
        sample.Sort();
        return _count % 2 == 1 ? sample[_count / 2] : (sample[(_count / 2) - 1] + sample[_count / 2]) / 2;
    }

    /// <summary>Forgets all gaps.</summary>
    public void Reset()
    {
        (_count, _every, _skipped, _used) = (0, 1, 0, 0);
        Max = double.NaN;
    }

    /// <summary>Writes all gaps as a JSON list: lengths in seconds, each with its count; nothing where there is none.</summary>
    public void WriteTo(ByteBuffer to)
    {
        ArgumentNullException.ThrowIfNull(to);
        for (var i = 0; i < _used; i++)
        {
            to.Append(i == 0 ? "["u8 : ", "u8);
            PythonJson.Float(to, Math.Round(LogBuckets.OfGaps.Middle(_buckets[i]) / 1e9, 9));
            to.Append(", "u8);
            to.Append(_counts[i]);
        }

        to.Append(_used > 0 ? "]"u8 : default);
    }

    private void Count(double seconds)
    {
        var bucket = LogBuckets.OfGaps.Of((long)(seconds * 1e9));
        var at = Array.BinarySearch(_buckets, 0, _used, bucket);
        if (at >= 0)
        {
            _counts[at]++;
            return;
        }

        if (_used == _buckets.Length)
        {
            Array.Resize(ref _buckets, Math.Max(16, _used * 2));
            Array.Resize(ref _counts, _buckets.Length);
        }

        Array.Copy(_buckets, ~at, _buckets, ~at + 1, _used - ~at);
        Array.Copy(_counts, ~at, _counts, ~at + 1, _used - ~at);
        (_buckets[~at], _counts[~at]) = (bucket, 1);
        _used++;
    }

    /// <summary>Adds a gap in seconds.</summary>
    public void Add(double seconds)
    {
        Max = double.IsNaN(Max) ? seconds : Math.Max(Max, seconds);
        Count(seconds);
        if (++_skipped < _every)
        {
            return;
        }

        _skipped = 0;
        if (_count == Most)
        {
            // Every other one stays, and from here on half as many are taken: still an even sample of the whole stream.
            for (var i = 0; i < Most / 2; i++)
            {
                _sample[i] = _sample[2 * i];
            }

            _count = Most / 2;
            _every *= 2;
        }

        if (_count == _sample.Length)
        {
            Array.Resize(ref _sample, Math.Max(64, _sample.Length * 2));
        }

        _sample[_count++] = (float)seconds;
    }
}

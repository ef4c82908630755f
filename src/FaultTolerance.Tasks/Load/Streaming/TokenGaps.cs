namespace FaultTolerance.Load.Streaming;

/// <summary>Gaps between tokens: the longest exactly, the median over an even sample of at most 2,048 of them.</summary>
internal sealed class TokenGaps
{
    private const int Most = 2048;
    private float[] _sample = [];
    private int _count;
    private int _every = 1;
    private int _skipped;

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
        (_count, _every, _skipped) = (0, 1, 0);
        Max = double.NaN;
    }

    /// <summary>Adds a gap in seconds.</summary>
    public void Add(double seconds)
    {
        Max = double.IsNaN(Max) ? seconds : Math.Max(Max, seconds);
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

namespace FaultTolerance.Results.Recovery;

/// <summary>Orders requests by their start; equal ones by client, end and whether they succeeded.</summary>
internal static class SampleOrder
{
    /// <summary>Orders them in place, on all processors.</summary>
    public static void Sort(RequestSample[] samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var starts = Array.ConvertAll(samples, static sample => sample.Start);
        Sort(starts, samples, 0, samples.Length, Environment.ProcessorCount);
        Ties(samples);
    }

    // Loads send at an even rate, so half of the time holds about half of the requests.
    private static void Sort(long[] starts, RequestSample[] samples, int from, int to, int processors)
    {
        if (processors < 2 || to - from < SideBySide.WorthAThread)
        {
            // By a key without a comparer, which is several times as fast for a million.
            Array.Sort(starts, samples, from, to - from);
            return;
        }

        var (least, greatest) = (long.MaxValue, long.MinValue);
        foreach (var start in starts.AsSpan(from, to - from))
        {
            (least, greatest) = (Math.Min(least, start), Math.Max(greatest, start));
        }

        var middle = Part(starts, samples, from, to, least + ((greatest - least) / 2));
        SideBySide.Do(
            () => Sort(starts, samples, from, middle, processors / 2),
            () => Sort(starts, samples, middle, to, processors - (processors / 2)));
    }

    // Those that start at the pivot or earlier come first; where the others begin.
    private static int Part(long[] starts, RequestSample[] samples, int from, int to, long pivot)
    {
        for (var last = to - 1; ; from++, last--)
        {
            while (from <= last && starts[from] <= pivot)
            {
                from++;
            }

            while (from <= last && starts[last] > pivot)
            {
                last--;
            }

            if (from > last)
            {
                return from;
            }

            (starts[from], starts[last]) = (starts[last], starts[from]);
            (samples[from], samples[last]) = (samples[last], samples[from]);
        }
    }

    private static void Ties(RequestSample[] samples)
    {
        for (var (i, next) = (0, 0); i < samples.Length; i = next)
        {
            for (next = i + 1; next < samples.Length && samples[next].Start == samples[i].Start;)
            {
                next++;
            }

            if (next - i > 1)
            {
                samples.AsSpan(i, next - i).Sort(static (x, y) =>
                    x.Client != y.Client ? x.Client.CompareTo(y.Client)
                    : x.End != y.End ? x.End.CompareTo(y.End)
                    : x.Ok.CompareTo(y.Ok));
            }
        }
    }
}

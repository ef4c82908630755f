namespace FaultTolerance.Reports.Page.Figure;

/// <summary>A request in the picture.</summary>
/// <param name="At">Its end, UTC ticks.</param>
/// <param name="Seconds">How long it took.</param>
internal readonly record struct Dot(long At, double Seconds);

/// <summary>Fewer points for a picture, none invented and no peak hidden.</summary>
internal static class Downsampling
{
    // Of each stretch of time the least, the greatest, and two between that keep the look of the crowd.
    private const int PerBucket = 4;

    /// <summary>
    /// At most <paramref name="limit"/> of the points (not fewer than 4), by time. The first least and the first greatest of every stretch
    /// of time are among them.
    /// </summary>
    public static List<Dot> Thin(IReadOnlyCollection<Dot> points, int limit)
    {
        // A million of them come by: sorted in their place, and no list a stretch.
        Dot[] byTime = [.. points];
        Array.Sort(byTime, ByTime);
        limit = Math.Max(PerBucket, limit);
        if (byTime.Length <= limit)
        {
            return [.. byTime];
        }

        var (first, buckets) = (byTime[0].At, limit / PerBucket);
        var width = ((byTime[^1].At - first) / buckets) + 1;
        var kept = new List<Dot>(limit);
        for (int from = 0, next; from < byTime.Length; from = next)
        {
            var bucket = (byTime[from].At - first) / width;
            for (next = from + 1; next < byTime.Length && (byTime[next].At - first) / width == bucket;)
            {
                next++;
            }

            kept.AddRange(Keep(byTime.AsSpan(from, next - from)));
        }

        kept.Sort(ByTime);
        return kept;
    }

    private static Dot[] Keep(Span<Dot> bucket)
    {
        if (bucket.Length <= PerBucket)
        {
            return [.. bucket];
        }

        bucket.Sort(BySize);
        var greatest = bucket.Length - 1;
        while (greatest > 0 && bucket[greatest - 1].Seconds == bucket[^1].Seconds)
        {
            greatest--;
        }

        return [bucket[0], bucket[bucket.Length / 3], bucket[bucket.Length * 2 / 3], bucket[greatest]];
    }

    private static int ByTime(Dot one, Dot other) => one.At != other.At ? one.At.CompareTo(other.At) : one.Seconds.CompareTo(other.Seconds);

    private static int BySize(Dot one, Dot other) =>
        one.Seconds != other.Seconds ? one.Seconds.CompareTo(other.Seconds) : one.At.CompareTo(other.At);
}

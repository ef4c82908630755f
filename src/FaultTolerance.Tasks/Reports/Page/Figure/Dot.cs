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
    /// <param name="points">The points; their order is lost.</param>
    /// <param name="limit">How many may be kept.</param>
    public static List<Dot> Thin(Dot[] points, int limit)
    {
        limit = Math.Max(PerBucket, limit);
        if (points.Length <= limit)
        {
            Array.Sort(points, ByTime);
            return [.. points];
        }

        var (first, last, buckets) = (long.MaxValue, long.MinValue, limit / PerBucket);
        foreach (ref readonly var dot in points.AsSpan())
        {
            (first, last) = (Math.Min(first, dot.At), Math.Max(last, dot.At));
        }

        var kept = new List<Dot>(limit);
        foreach (var bucket in Stretches(points, first, ((last - first) / buckets) + 1, buckets))
        {
            kept.AddRange(Keep(bucket));
        }

        kept.Sort(ByTime);
        return kept;
    }

    // A million of them come by: counted, then each put into its stretch by changing places, so that only those of a stretch are sorted.
    private static IEnumerable<ArraySegment<Dot>> Stretches(Dot[] points, long first, long width, int buckets)
    {
        var ends = new int[buckets + 1];
        foreach (ref readonly var dot in points.AsSpan())
        {
            ends[(int)((dot.At - first) / width) + 1]++;
        }

        for (var i = 1; i < ends.Length; i++)
        {
            ends[i] += ends[i - 1];
        }

        var next = ends[..^1];
        for (var i = 0; i < buckets; i++)
        {
            while (next[i] < ends[i + 1])
            {
                ref var dot = ref points[next[i]];
                var place = (int)((dot.At - first) / width);
                (dot, points[next[place]]) = (points[next[place]], dot);
                next[place]++;
            }

            yield return new ArraySegment<Dot>(points, ends[i], ends[i + 1] - ends[i]);
        }
    }

    private static Dot[] Keep(Span<Dot> bucket)
    {
        if (bucket.Length <= PerBucket)
        {
            return [.. bucket];
        }

        var (least, greatest) = (bucket[0], bucket[0]);
        foreach (var dot in bucket)
        {
            least = BySize(dot, least) < 0 ? dot : least;
            greatest = dot.Seconds > greatest.Seconds || (dot.Seconds == greatest.Seconds && dot.At < greatest.At) ? dot : greatest;
        }

        return [least, ByRank(bucket, bucket.Length / 3), ByRank(bucket, bucket.Length * 2 / 3), greatest];
    }

    // The dot that has this place among them by size, found without sorting all of them (Hoare's selection, 1961); their order is lost.
    private static Dot ByRank(Span<Dot> dots, int rank)
    {
        var (from, to) = (0, dots.Length - 1);
        while (from < to)
        {
            var (low, high, pivot) = (from, to, dots[from + ((to - from) / 2)]);
            while (low <= high)
            {
                while (BySize(dots[low], pivot) < 0)
                {
                    low++;
                }

                while (BySize(dots[high], pivot) > 0)
                {
                    high--;
                }

                if (low <= high)
                {
                    (dots[low], dots[high]) = (dots[high], dots[low]);
                    (low, high) = (low + 1, high - 1);
                }
            }

            // Between the two lie dots that equal the pivot.
            (from, to) = rank <= high ? (from, high) : rank >= low ? (low, to) : (rank, rank);
        }

        return dots[rank];
    }

    private static int ByTime(Dot one, Dot other) => one.At != other.At ? one.At.CompareTo(other.At) : one.Seconds.CompareTo(other.Seconds);

    // Spelt out: a comparison of the framework's own is a call, where this is compiled ahead of time.
    private static int BySize(Dot one, Dot other) =>
        one.Seconds < other.Seconds ? -1 : one.Seconds > other.Seconds ? 1 : one.At < other.At ? -1 : one.At > other.At ? 1 : 0;
}

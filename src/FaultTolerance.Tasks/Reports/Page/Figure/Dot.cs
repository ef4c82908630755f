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

    /// <summary>At most <paramref name="limit"/> of the points (not fewer than 4), by time. The first least and the first greatest of every stretch of time are among them.</summary>
    public static List<Dot> Thin(IReadOnlyCollection<Dot> points, int limit)
    {
        var byTime = points.OrderBy(point => point.At).ThenBy(point => point.Seconds).ToList();
        limit = Math.Max(PerBucket, limit);
        if (byTime.Count <= limit)
        {
            return byTime;
        }

        var (first, buckets) = (byTime[0].At, limit / PerBucket);
        var width = ((byTime[^1].At - first) / buckets) + 1;
        return [.. byTime.GroupBy(point => (point.At - first) / width).SelectMany(bucket => Keep([.. bucket])).OrderBy(point => point.At).ThenBy(point => point.Seconds)];
    }

    private static Dot[] Keep(Dot[] bucket)
    {
        if (bucket.Length <= PerBucket)
        {
            return bucket;
        }

        var bySize = bucket.OrderBy(point => point.Seconds).ThenBy(point => point.At).ToList();
        var greatest = bySize.First(point => point.Seconds == bySize[^1].Seconds);
        return [bySize[0], bySize[bySize.Count / 3], bySize[bySize.Count * 2 / 3], greatest];
    }
}

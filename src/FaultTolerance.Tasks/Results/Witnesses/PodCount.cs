using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.Metrics;

namespace FaultTolerance.Results.Witnesses;

/// <summary>What a pod counted through the load.</summary>
/// <param name="Pod">The pod and its samples.</param>
/// <param name="Counter">By which counter.</param>
/// <param name="Series">By series: its labels, and how much it grew from look to look.</param>
/// <param name="Gaps">
/// Times of which nobody saw what it counted, UTC ticks: before its first answer and after its last, and from the last answer of a process
/// to that process's end.
/// </param>
internal sealed record PodCount(
    PodMetrics Pod,
    RequestCounter Counter,
    ImmutableArray<SeriesCount> Series,
    ImmutableArray<(long From, long To)> Gaps
)
{
    private static readonly long Late = TimeSpan.FromSeconds(5).Ticks;

    /// <summary>All series together.</summary>
    public double Count => Series.Sum(series => series.Count);

    /// <summary>When the pod was asked and answered, UTC ticks.</summary>
    public ImmutableArray<long> Looks { get; } = [.. Pod.Polls.Where(poll => poll.Answered).Select(poll => poll.At)];

    /// <summary>What it had counted at an instant, by the last look until then.</summary>
    public double CountAt(long at) => Series.Sum(series => series.Grew.TakeWhile(step => step.At <= at).Sum(step => step.By));

    /// <summary>What a pod counted, by the first counter that it has of a side; null where it has none.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="ofFrontends">Which side.</param>
    /// <param name="timeline">Tells when the pod's processes began.</param>
    /// <param name="from">The load's begin, UTC ticks.</param>
    /// <param name="to">The load's end, UTC ticks.</param>
    public static PodCount? Of(PodMetrics pod, bool ofFrontends, Timeline timeline, long from, long to)
    {
        var counter = RequestCounter.Known.FirstOrDefault(known =>
            known.IsFrontend == ofFrontends && pod.Series.Keys.Any(series => Exposition.Name(series) == known.Name));
        if (counter is null)
        {
            return null;
        }

        var series = pod.Series.Where(pair => Exposition.Name(pair.Key) == counter.Name).ToArray();
        // Of a worker's endpoints those that generate, where it tells them apart.
        var generating = series.Where(pair => pair.Key.Contains("=\"generate\"", StringComparison.Ordinal)).ToArray();
        long[] begins = [.. Begins(pod, timeline, from)];
        var counting = generating.Length > 0 ? generating : series;
        return new PodCount(
            pod,
            counter,
            [.. counting.Select(pair => new SeriesCount(Exposition.Labels(pair.Key), [.. Growth(pod, pair.Value, begins)]))],
            [.. GapsOf(pod, begins, [.. Ends(pod, timeline)], IsOlder(pod, timeline, from), from, to)]
        );
    }

    // When processes of the pod began during the load: by the cluster's word, else by a counter that fell.
    private static IEnumerable<long> Begins(PodMetrics pod, Timeline timeline, long from)
    {
        var told = timeline.Of<PodChanged>()
            .Where(item => item.Pod == pod.Pod && item.Change is PodChange.ContainerStarted && item.Happened >= from)
            .Select(item => item.Happened)
            .ToList();
        (long Last, long First)[] falls =
        [
            .. pod.Series
                .Where(pair => RequestCounter.Known.Any(known => known.Name == Exposition.Name(pair.Key)))
                .SelectMany(pair => pair.Value.Zip(pair.Value.Skip(1)).Where(two => two.Second.Value < two.First.Value))
                .Select(two => (two.First.At, two.Second.At)),
        ];
        long[] untold =
            [.. falls.Where(fall => !told.Exists(at => at > fall.Last && at <= fall.First)).Select(fall => fall.First).Distinct()];

        // A watch may tell of a begin later than a look saw it: that is one begin, unless the counter fell once more.
        foreach (var seen in untold)
        {
            told.Remove(told.Where(at => at > seen && at - seen < Late && !Array.Exists(falls, fall => at > fall.Last && at <= fall.First))
                .DefaultIfEmpty(0).Min());
        }

        return told.Concat(untold).Distinct().Order();
    }

    // What a process that began during the load counts, it counted during the load.
    private static IEnumerable<(long At, double By)> Growth(PodMetrics pod, ImmutableArray<MetricChange> values, long[] begins)
    {
        var first = pod.Polls.FirstOrDefault(poll => poll.Answered).At;
        var before = (At: first, Value: values[0].At > first || Array.Exists(begins, at => at <= first) ? 0 : values[0].Value);
        foreach (var change in values)
        {
            var anew = change.Value < before.Value || Array.Exists(begins, at => at > before.At && at <= change.At);
            yield return (change.At, anew ? change.Value : change.Value - before.Value);
            before = (change.At, change.Value);
        }
    }

    // Those whose instant the cluster tells finer than to the second: one that is only seen says little of how long the process served.
    private static IEnumerable<long> Ends(PodMetrics pod, Timeline timeline) => timeline.Of<PodChanged>()
        .Where(item => item.Pod == pod.Pod && item.Change is PodChange.ContainerTerminated or PodChange.Deleted && item.IsExact)
        .Select(item => item.Happened).Order();

    // Whether a process of the pod ran when the load began: one began before, or the first that is told of in the load is an end.
    private static bool IsOlder(PodMetrics pod, Timeline timeline, long from) => timeline.Of<PodChanged>()
        .Where(item => item.Pod == pod.Pod && item.Change is PodChange.ContainerStarted or PodChange.ContainerTerminated)
        .OrderBy(item => item.Happened)
        .FirstOrDefault() is { } first && (first.Happened < from || first.Change is PodChange.ContainerTerminated);

    private static IEnumerable<(long From, long To)> GapsOf(
        PodMetrics pod, long[] begins, long[] ends, bool isOlder, long from, long to)
    {
        long[] answered = [.. pod.Polls.Where(poll => poll.Answered).Select(poll => poll.At)];
        if (answered.Length == 0)
        {
            yield break;
        }

        // One process after the other: from its begin to that of the next.
        long[] starts = [long.MinValue, .. begins];
        foreach (var (i, begin) in starts.Index())
        {
            var next = i + 1 < starts.Length ? starts[i + 1] : long.MaxValue;
            long[] looks = [.. answered.Where(at => at >= begin && at < next)];
            if (looks.Length == 0 && i == 0)
            {
                // A pod that came during the load had none before its first.
                if (isOlder)
                {
                    yield return (from, next);
                }

                continue;
            }

            // What a process counted before its first answer is in that answer, where the process began during the load.
            if (i == 0 && looks[0] > from)
            {
                yield return (from, looks[0]);
            }

            // Where the end is not known to the instant, until the next process was seen.
            var last = looks.LastOrDefault(begin);
            var until = ends.Where(at => at > last).Append(answered.FirstOrDefault(at => at >= next, to)).Min();
            if (last < until)
            {
                yield return (last, until);
            }
        }
    }
}

/// <summary>A series of a counter through the load.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Grew">By how much it grew until each look, UTC ticks.</param>
internal sealed record SeriesCount(ImmutableDictionary<string, string> Labels, ImmutableArray<(long At, double By)> Grew)
{
    /// <summary>By how much it grew in all.</summary>
    public double Count => Grew.Sum(step => step.By);
}

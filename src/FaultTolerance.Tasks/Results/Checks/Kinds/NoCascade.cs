using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>
/// The fault does not spread to pods that it did not hit: in the two minutes from 30 s after its order on, no such pod's mean of waiting
/// requests is higher by so many than in the two minutes before, while clients' p99 doubled.
/// </summary>
internal sealed class NoCascade : ICheck
{
    /// <summary>Its key in scenarios.json.</summary>
    public const string Name = "cascadeAtMost";

    /// <summary>By how many waiting requests upstream calls it a cascade.</summary>
    public const double UpstreamRise = 5;

    private const double Times = 2;
    private const double Most = 1_000_000;
    private static readonly long After = TimeSpan.FromSeconds(30).Ticks;
    private static readonly long Window = TimeSpan.FromSeconds(120).Ticks;

    public string Key => Name;

    public bool NeedsFault => true;

    public string UnknownWhen => "no pod that was not hit told how many requests wait 30 s after the order";

    public JsonObject Schema => Limits.Number(
        "By how many the waiting requests of a pod that was not hit may rise (mean from 30 s after the order, for 120 s, against 120 s before) "
        + "where clients' p99 more than doubles.",
        Most);

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtMost = item.Number(Key, UpstreamRise, 0, Most) }];

    public bool IsWhole(CheckSpec check) => check.AtMost is not null;

    public string Asked(CheckSpec check) =>
        $"no cascade: waiting requests of pods not hit rise by at most {Number(check.AtMost)}, or p99 does not double";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        if (row.Zero is not { } zero || row.Damage is not { } damage)
        {
            return Unknown("the time of the fault is not known");
        }

        var hit = row.Timeline.OfType<FaultEvent>().Select(item => item.Pod).ToHashSet(StringComparer.Ordinal);
        var rises = (from pod in row.Metrics
                     where !hit.Contains(pod.Pod)
                     from series in pod.Series
                     where Exposition.Name(series.Key).EndsWith("num_requests_waiting", StringComparison.Ordinal)
                     let before = Mean(pod, series.Value, zero - Window, zero)
                     let after = Mean(pod, series.Value, zero + After, zero + After + Window)
                     where before is not null && after is not null
                     select (Pod: pod, Rise: after.Value - before.Value)).ToList();
        if (rises.Count == 0)
        {
            return Unknown("no pod that was not hit told how many requests wait 30 s after the order");
        }

        var (worst, rise) = rises.MaxBy(one => one.Rise);
        if (rise <= check.AtMost)
        {
            return Of(true, $"at most {Number(Math.Round(rise, 2))} more wait, in {worst.Pod}", worst.File);
        }

        return damage.Before.Latency?.P99 is { } p99 && damage.After.Latency?.P99 is { } later
            ? Of(
                later <= Times * p99,
                $"{Number(Math.Round(rise, 2))} more wait in {worst.Pod}, p99 {Number(later)} s after {Number(p99)} s before", worst.File)
            : Unknown($"{Number(Math.Round(rise, 2))} more wait in {worst.Pod}, and no p99 is known on both sides");
    }

    private static double? Mean(PodMetrics pod, IReadOnlyList<MetricChange> changes, long from, long to)
    {
        var values = pod.Polls.Where(poll => poll.Answered && poll.At >= from && poll.At < to)
            .Select(poll => changes.LastOrDefault(change => change.At <= poll.At)).Where(change => change.At != 0)
            .Select(change => change.Value).ToList();
        return values.Count == 0 ? null : values.Average();
    }
}

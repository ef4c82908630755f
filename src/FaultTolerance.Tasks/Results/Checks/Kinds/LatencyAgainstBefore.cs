using System.Text.Json.Nodes;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>A percentile of latency after the failures, as a multiple of that before the fault.</summary>
internal sealed class LatencyAgainstBefore : ICheck
{
    private const double MostTimes = 1_000_000;

    // Below so many values a percentile is little more than the greatest of them.
    private const int FewestForP95 = 20;
    private const int FewestForP99 = 100;

    private static readonly string[] Percentiles = ["p95", "p99"];

    public string Key => "latencyAgainstBefore";

    public bool NeedsFault => true;

    public string UnknownWhen => "fewer than 20 (p95) or 100 (p99) answers on a side";

    public JsonObject Schema =>
        Limits.ByName("Percentile of latency after the failures, as a multiple of that before the fault.", Percentiles, MostTimes);

    public IEnumerable<CheckSpec> Read(ObjectReader item) =>
        Limits.Read(item, Key, Percentiles, MostTimes).Select(limit => new CheckSpec(Key) { Subject = limit.Name, AtMost = limit.Value });

    public bool IsWhole(CheckSpec check) => check is { Subject: not null, AtMost: not null };

    public string Asked(CheckSpec check) => $"{check.Subject} after at most {Number(check.AtMost)} times that before";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        if (row.Damage is not { } damage)
        {
            return Unknown("the time of the fault is not known");
        }

        var percentile = check.Subject;
        var fewest = percentile == "p95" ? FewestForP95 : FewestForP99;
        double? Part(LatencySummary phase) => percentile == "p95" ? phase.Latency?.P95 : phase.Latency?.P99;
        if (
            damage.Before.Count < fewest
            || damage.After.Count < fewest
            || Part(damage.Before) is not { } before
            || Part(damage.After) is not { } after
        )
        {
            return Unknown(
                $"{damage.Before.Count} requests were answered before and {damage.After.Count} after; {percentile} needs {fewest} on each side"
            );
        }

        return Of(
            after <= check.AtMost * before,
            $"{Number(after)} s after, {Number(before)} s before: {Number(Math.Round(after / before, 3))} times"
        );
    }
}

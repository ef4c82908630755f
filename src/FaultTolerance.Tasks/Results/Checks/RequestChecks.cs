using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Statistics;
using static FaultTolerance.Results.Checks.RunJudge;

namespace FaultTolerance.Results.Checks;

/// <summary>Checks on what clients saw.</summary>
internal static class RequestChecks
{
    // Below so many values a percentile is little more than the greatest of them.
    private const int FewestForP95 = 20;
    private const int FewestForP99 = 100;

    public static Finding Outage(ScenarioResult row, double limit)
    {
        var gap = row.Recovery.IsEmpty && row.Row.Failure == "none" ? WholeLoad(row) : Measure(row, "longest_gap");
        return AtMost(gap, limit, "longest span without an answer");
    }

    public static Finding Recovery(ScenarioResult row, string definition, double limit) => AtMost(Measure(row, definition), limit, definition);

    public static Finding Lost(ScenarioResult row, double limit)
    {
        if (After(row) is not { Count: > 0 } after)
        {
            return Finding.Unknown(NoRequests(row));
        }

        var lost = after.Count(request => !request.Ok);
        return Finding.Of(lost <= limit, $"{lost} of {after.Count} requests {(row.Row.Failure == "none" ? "" : "that ended after the fault ")}failed");
    }

    public static Finding SuccessAfter(ScenarioResult row, double least)
    {
        if (After(row) is not { Count: > 0 } after)
        {
            return Finding.Unknown(NoRequests(row));
        }

        var good = after.Count(request => request.Ok);
        var (low, high) = Wilson.Interval(good, after.Count);
        return Finding.Of((double)good / after.Count >= least, $"{good} of {after.Count}, {Number(100.0 * good / after.Count)} % (95 % interval {Number(Math.Round(100 * low, 2))} to {Number(Math.Round(100 * high, 2))} %)");
    }

    public static Finding Latency(ScenarioResult row, string percentile, double factor)
    {
        if (row.Damage is not { } damage)
        {
            return Finding.Unknown("the time of the fault is not known");
        }

        var fewest = percentile == "p95" ? FewestForP95 : FewestForP99;
        double? Of(LatencySummary phase) => percentile == "p95" ? phase.Latency?.P95 : phase.Latency?.P99;
        if (damage.Before.Count < fewest || damage.After.Count < fewest || Of(damage.Before) is not { } before || Of(damage.After) is not { } after)
        {
            return Finding.Unknown($"{damage.Before.Count} requests were answered before and {damage.After.Count} after; {percentile} needs {fewest} on each side");
        }

        return Finding.Of(after <= factor * before, $"{Number(after)} s after, {Number(before)} s before: {Number(Math.Round(after / before, 3))} times");
    }

    private static Finding AtMost(Measured? measured, double limit, string what) => measured switch
    {
        { Kind: MeasuredKind.Value } value => Finding.Of(value.Seconds <= limit, $"{what}: {Number(Math.Round(value.Seconds, 4))} s"),
        { Kind: MeasuredKind.NotNeeded } => Finding.Of(true, $"{what}: nothing to recover from"),
        { Kind: MeasuredKind.Censored } bound when bound.Seconds > limit => Finding.Of(false, $"{what}: more than {Number(Math.Round(bound.Seconds, 4))} s"),
        { Kind: MeasuredKind.Censored } bound => Finding.Unknown($"{what}: the observation ended after {Number(Math.Round(bound.Seconds, 4))} s"),
        _ => Finding.Unknown($"{what} is not known"),
    };

    private static Measured? Measure(ScenarioResult row, string name) =>
        row.Recovery.Where(pair => pair.Name == name).Select(pair => (Measured?)pair.Value).FirstOrDefault();

    private static Measured WholeLoad(ScenarioResult row)
    {
        var requests = RequestSample.Of(row.Attempts);
        return requests.Length == 0 ? Measured.Unknown
            : new LongestGap(perClient: false).Measure(new RecoveryInput { Zero = requests.Min(request => request.Start), Requests = requests });
    }

    // A baseline has no fault: all of its load is "after".
    private static List<RequestSample>? After(ScenarioResult row)
    {
        var issued = row.Timeline.FirstOrDefault(item => item.Name == "fault.issued")?.At;
        var from = row.Row.Failure == "none" ? long.MinValue : issued ?? row.LandedAt ?? row.FaultAt;
        return from is not { } at ? null : [.. RequestSample.Of(row.Attempts).Where(request => request.End >= at)];
    }

    private static string NoRequests(ScenarioResult row) =>
        row.Row.Failure != "none" && row.LandedAt is null && row.FaultAt is null ? "the time of the fault is not known" : "no request ended after the fault";
}

using System.Collections.Immutable;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Results;

/// <summary>What is known of a scenario's faults: issued, proven, or not.</summary>
internal sealed record FaultProof(bool Expected, bool Known, long? FirstIssued, long? FirstLanded, ImmutableArray<string> Proofs, string? Doubt)
{
    public static FaultProof Of(string failure, TestLog test, Timeline timeline)
    {
        var issued = timeline.Of("fault.issued").ToList();
        var landed = timeline.Of("fault.landed").ToList();
        var unproven = timeline.Of("fault.unproven").ToList();
        var ends = Observation.Of(timeline).Where(item => item.Name == "fault.container" && item["proof"] is not null).ToLookup(item => item["id"], item => item["proof"], StringComparer.Ordinal);
        var expected = failure != "none";
        return new FaultProof(
            expected,
            timeline.Exists,
            issued.FirstOrDefault()?.At,
            landed.FirstOrDefault() is { } first ? Landed(first, issued, timeline) : null,
            [.. landed.Select(item => string.Join("; ", ends[item["id"]].Prepend(Describe(item))))],
            expected && timeline.Exists ? Doubtful(test, issued, landed, unproven) : null);
    }

    // The end of the container that was hit proves a kill as well, and the pod's own stamp of it, where there is one that is fine enough, may
    // be earlier than the news of it: on a busy machine by tenths of a second, in which clients have felt the fault already.
    private static long Landed(TimelineEvent landed, List<TimelineEvent> issued, Timeline timeline)
    {
        if (landed["kind"] != "killProcess" || landed["uid"] is not { } uid || issued.Find(item => item["id"] == landed["id"]) is not { } command)
        {
            return landed.At;
        }

        return timeline.Of("pod")
            .Where(item => item["uid"] == uid && item["change"] == "container_terminated" && item["container"] == landed["container"]
                && item.Happened >= command.At && item.Happened < landed.At)
            .Select(item => item.Happened)
            .DefaultIfEmpty(landed.At)
            .Min();
    }

    private static string? Doubtful(TestLog test, List<TimelineEvent> issued, List<TimelineEvent> landed, List<TimelineEvent> unproven)
    {
        if (unproven.Count > 0)
        {
            return $"the fault is unproven: {string.Join("; ", unproven.Select(item => item["reason"] ?? item["proof"] ?? Describe(item)))}";
        }

        var proven = landed.Select(item => item["id"]).ToHashSet(StringComparer.Ordinal);
        var open = issued.Where(item => !proven.Contains(item["id"])).ToList();
        return open.Count > 0 ? $"the fault is unproven: issued, with no proof that it landed ({string.Join("; ", open.Select(Describe))})"
            : landed.Count > 0 ? null
            : test.Fault is null ? "no fault was injected" : "the fault is unproven: no proof that it landed";
    }

    private static string Describe(TimelineEvent item)
    {
        string?[] parts = [item["kind"], item["pod"], item["command"], item["signal"], item["pid"] is { } pid ? $"pid {pid}" : null, item["proof"]];
        return string.Join(" ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}

using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;

namespace FaultTolerance.Results;

/// <summary>What is known of a scenario's faults: issued, proven, or not.</summary>
/// <param name="Expected">Whether the scenario has a fault at all.</param>
/// <param name="Known">Whether the artefacts tell of proofs; those of the reference suite do not.</param>
/// <param name="FirstIssued">When the first order was given, in ticks of UTC; null for none.</param>
/// <param name="FirstLanded">When the first fault was carried out, in ticks of UTC; null for none.</param>
/// <param name="Proofs">How each was seen to have been carried out.</param>
/// <param name="Doubt">Why the faults are not proven; null where they are.</param>
internal sealed record FaultProof(
    bool Expected,
    bool Known,
    long? FirstIssued,
    long? FirstLanded,
    ImmutableArray<string> Proofs,
    string? Doubt
)
{
    /// <summary>Reads what the timeline and test.log say of a scenario's faults.</summary>
    public static FaultProof Of(string failure, TestLogTimes test, Timeline timeline)
    {
        var issued = timeline.Of<FaultIssued>().ToList();
        var landed = timeline.Of<FaultLanded>().ToList();
        var unproven = timeline.Of<FaultUnproven>().ToList();
        var ends = Observation
            .Of(timeline)
            .OfType<FaultContainerEnded>()
            .Where(item => item.Proof is not null)
            .ToLookup(item => item.Id, item => item.Proof, StringComparer.Ordinal);
        var expected = failure != "none";
        return new FaultProof(
            expected,
            timeline.Exists,
            issued.FirstOrDefault()?.At,
            landed.FirstOrDefault() is { } first ? Landed(first, issued, timeline) : null,
            [.. landed.Select(item => string.Join("; ", ends[item.Id].Prepend(Describe(item))))],
            expected && timeline.Exists ? Doubtful(test, issued, landed, unproven) : null);
    }

    // The end of the container that was hit proves a kill as well, and the pod's own stamp of it, where there is one that is fine enough,
    // may
    // be earlier than the news of it: on a busy machine by tenths of a second, in which clients have felt the fault already.
    private static long Landed(FaultLanded landed, List<FaultIssued> issued, Timeline timeline)
    {
        if (landed.Pid is null || landed.Uid is not { } uid || issued.Find(item => item.Id == landed.Id) is not { } command)
        {
            return landed.At;
        }

        return timeline.Of<PodChanged>()
            .Where(item => item.Uid == uid && item.Change == PodChange.ContainerTerminated && item.Container == landed.Container
                && item.Happened >= command.At && item.Happened < landed.At)
            .Select(item => item.Happened)
            .DefaultIfEmpty(landed.At)
            .Min();
    }

    private static string? Doubtful(TestLogTimes test, List<FaultIssued> issued, List<FaultLanded> landed, List<FaultUnproven> unproven)
    {
        if (unproven.Count > 0)
        {
            return $"the fault is unproven: {string.Join("; ", unproven.Select(item => item.Reason ?? item.Proof ?? Describe(item)))}";
        }

        var proven = landed.Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        var open = issued.Where(item => !proven.Contains(item.Id)).ToList();
        return open.Count > 0 ? $"the fault is unproven: issued, with no proof that it landed ({string.Join("; ", open.Select(Describe))})"
            : landed.Count > 0 ? null
            : test.Fault is null ? "no fault was injected" : "the fault is unproven: no proof that it landed";
    }

    private static string Describe(FaultEvent item)
    {
        string?[] parts = [item.Kind, item.Pod, item.Command, item.Signal, item.Pid is { } pid ? $"pid {pid}" : null, item.Proof];
        return string.Join(" ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}

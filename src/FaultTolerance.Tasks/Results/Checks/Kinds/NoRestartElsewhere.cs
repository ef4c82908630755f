using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>No container restarts but those that the fault hit.</summary>
internal sealed class NoRestartElsewhere()
    : Flag(Name, "No container restarts but those that the fault hit.", "no restart elsewhere")
{
    /// <summary>Its key in scenarios.json.</summary>
    public const string Name = "noRestartElsewhere";

    public override string UnknownWhen => "the timeline holds no events of pods";

    public override Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var watched = row.Timeline.OfType<PodChanged>().Any();
        if (!watched || row.Timeline.OfType<LoadStarted>().FirstOrDefault() is not { } start)
        {
            return Finding.Unknown("the timeline holds no events of pods during a load");
        }

        var end = row.Timeline.OfType<LoadEnded>().LastOrDefault()?.At ?? row.Timeline[^1].At;
        var hit = row
            .Timeline.OfType<FaultEvent>()
            .Where(item => item is FaultIssued or FaultLanded)
            .Select(item => item.Pod)
            .ToHashSet(StringComparer.Ordinal);
        var elsewhere = row
            .Timeline.OfType<PodChanged>()
            .Where(item => item.Change == PodChange.Restarted && item.At >= start.At && item.At <= end && !hit.Contains(item.Pod))
            .ToList();
        var pods = string.Join(", ", elsewhere.Select(item => item.Pod).Distinct(StringComparer.Ordinal));
        return Finding.Of(
            elsewhere.Count == 0,
            elsewhere.Count == 0 ? "no container restarted but those that the fault hit" : $"{pods} restarted (line {elsewhere[0].Line})",
            new ScenarioFolder(row.Folder).Timeline);
    }
}

using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>No container restarts but those that the fault hit.</summary>
internal sealed class NoRestartElsewhere() : Flag("noRestartElsewhere", "No container restarts but those that the fault hit.", "no restart elsewhere")
{
    public override Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var watched = row.Timeline.Any(item => item.Name == "pod");
        if (!watched || row.Timeline.FirstOrDefault(item => item.Name == "load.started") is not { } start)
        {
            return Finding.Unknown("the timeline holds no events of pods during a load");
        }

        var end = row.Timeline.LastOrDefault(item => item.Name == "load.ended")?.At ?? row.Timeline[^1].At;
        var hit = row.Timeline.Where(item => item.Name is "fault.issued" or "fault.landed").Select(item => item["pod"]).ToHashSet(StringComparer.Ordinal);
        var elsewhere = row.Timeline
            .Where(item => item.Name == "pod" && item["change"] == "restarted" && item.At >= start.At && item.At <= end && !hit.Contains(item["pod"]))
            .ToList();
        var pods = string.Join(", ", elsewhere.Select(item => item["pod"]).Distinct(StringComparer.Ordinal));
        return Finding.Of(
            elsewhere.Count == 0,
            elsewhere.Count == 0 ? "no container restarted but those that the fault hit" : $"{pods} restarted (line {elsewhere[0].Line})",
            new ScenarioFolder(row.Folder).Timeline);
    }
}

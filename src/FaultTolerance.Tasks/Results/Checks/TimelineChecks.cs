using System.Text.Json;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;

namespace FaultTolerance.Results.Checks;

/// <summary>Checks on what the timeline tells.</summary>
internal static class TimelineChecks
{
    public static Finding NoRestartElsewhere(ScenarioResult row)
    {
        var file = new ScenarioFolder(row.Folder).Timeline;
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
        return Finding.Of(
            elsewhere.Count == 0,
            elsewhere.Count == 0 ? "no container restarted but those that the fault hit" : $"{string.Join(", ", elsewhere.Select(item => item["pod"]).Distinct(StringComparer.Ordinal))} restarted (line {elsewhere[0].Line})",
            file);
    }

    public static Finding GeneratorHealthy(ScenarioResult row)
    {
        var file = new ScenarioFolder(row.Folder).Timeline;
        return row.Timeline.LastOrDefault(item => item.Name == "load.health") is not { } health
            ? Finding.Unknown("the timeline does not tell of the generator's health")
            : health["valid"] switch
            {
                "true" => Finding.Of(true, $"within its limits (line {health.Line})", file),
                "false" => Finding.Of(false, $"{Reasons(health)} (line {health.Line})", file),
                _ => Finding.Unknown($"line {health.Line} of the timeline does not say whether the load is valid"),
            };
    }

    /// <summary>Why the generator's figures are not to be trusted.</summary>
    public static string Reasons(TimelineEvent health)
    {
        var list = health["reasons"] ?? "[]";
        try
        {
            return string.Join("; ", JsonSerializer.Deserialize<string[]>(list) ?? []);
        }
        catch (JsonException)
        {
            // Not a list after all: said as it stands.
            return list;
        }
    }
}

using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>No container of the named services restarts during the load, whether or not a fault hit it.</summary>
internal sealed class NoRestartIn : ICheck
{
    public string Key => "noRestartIn";

    public string UnknownWhen => "the timeline holds no events of pods of the service";

    public JsonObject Schema => JsonNode.Parse("""
        {
          "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 },
          "description": "Services by name or glob of which no container restarts during the load, whether or not a fault hit it."
        }
        """)!.AsObject();

    public IEnumerable<CheckSpec> Read(ObjectReader item) => item.Texts(Key).Select(service => new CheckSpec(Key) { Service = service });

    public bool IsWhole(CheckSpec check) => check.Service is not null;

    public string Asked(CheckSpec check) => $"no restart in {check.Service}";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var own = row.Timeline.OfType<PodChanged>()
            .Where(item => item.Service is { } service && Glob.Matches(check.Service!, service)).ToList();
        if (own.Count == 0 || row.Timeline.OfType<LoadStarted>().FirstOrDefault() is not { } start)
        {
            return Finding.Unknown($"the timeline holds no events of pods of {check.Service} during a load");
        }

        var end = row.Timeline.OfType<LoadEnded>().LastOrDefault()?.At ?? row.Timeline[^1].At;
        var restarted = own.Where(item => item.Change == PodChange.Restarted && item.At >= start.At && item.At <= end).ToList();
        var pods = own.Select(item => item.Uid ?? item.Pod).Distinct(StringComparer.Ordinal).Count();
        var names = string.Join(", ", restarted.Select(item => item.Pod).Distinct(StringComparer.Ordinal));
        return Finding.Of(
            restarted.Count == 0,
            restarted.Count == 0 ? $"no container of {pods} pods restarted" : $"{names} restarted (line {restarted[0].Line})",
            new ScenarioFolder(row.Folder).Timeline);
    }
}

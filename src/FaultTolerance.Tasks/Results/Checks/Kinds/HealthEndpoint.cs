using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>
/// How soon a service's own <c>/health</c>, asked by this tool through the load, says of a fault that there is one (any of its pods answers
/// otherwise than with 200, or not at all), and how soon after the fault's end all of its pods answer 200.
/// </summary>
internal sealed class HealthEndpoint : ICheck
{
    private const string Bad = "healthBadWithin";
    private const string Good = "healthGoodWithin";

    public string Key => "healthEndpoint";

    public ImmutableArray<string> Kinds => [Bad, Good];

    public CheckNeed Needs => CheckNeed.Health;

    public bool NeedsFault => true;

    public string UnknownWhen => "no pod of the service was asked, or the load ended first";

    public JsonObject Schema => JsonNode.Parse(
        """
        {
          "type": "array", "minItems": 1,
          "description": "Seconds within which /health, asked twice a second, is not 200 after a fault's proof, and 200 after its end.",
          "items": {
            "type": "object", "additionalProperties": false,
            "anyOf": [{ "required": ["badWithin"] }, { "required": ["goodWithin"] }],
            "properties": {
              "service": { "type": "string", "minLength": 1, "default": "*", "description": "Services by name or glob." },
              "badWithin": { "type": "number", "minimum": 0, "maximum": 86400, "description": "After the proof, of any pod." },
              "goodWithin": { "type": "number", "minimum": 0, "maximum": 86400, "description": "After undo or proof, of all." }
            }
          }
        }
        """)!.AsObject();

    public IEnumerable<CheckSpec> Read(ObjectReader item) => item.Objects(Key).SelectMany(Both);

    public bool IsWhole(CheckSpec check) => check is { Service: not null, AtMost: not null };

    public string Asked(CheckSpec check) => check.Kind == Bad
        ? $"/health of {check.Service} not 200 within {Number(check.AtMost)} s of each fault's proof"
        : $"/health of all of {check.Service} 200 within {Number(check.AtMost)} s of each fault's end";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var file = new ScenarioFolder(row.Folder).Timeline;
        var answers = row.Timeline.OfType<HealthAnswered>().Where(item => Glob.Matches(check.Service!, item.Service ?? "")).ToArray();
        if (answers.Length == 0)
        {
            return Unknown($"/health of no pod of {check.Service} was asked");
        }

        var begins = Begins(row, check.Kind == Good);
        if (begins.Length == 0)
        {
            return Unknown("no fault landed");
        }

        var worst = 0.0;
        foreach (var begin in begins)
        {
            var end = row.Timeline.OfType<LoadEnded>().LastOrDefault()?.At ?? row.Timeline[^1].At;
            var seen = FirstAt(answers, begin, check.Kind == Bad) is { } at && at <= end ? (at - begin) / (double)TimeSpan.TicksPerSecond
                : double.PositiveInfinity;
            var watched = Math.Round((end - begin) / (double)TimeSpan.TicksPerSecond, 2);
            if (seen > check.AtMost)
            {
                return double.IsFinite(seen) ? Of(false, $"after {Number(Math.Round(seen, 2))} s", file)
                    : watched >= check.AtMost ? Of(false, $"not within {Number(watched)} s", file)
                    : Unknown($"the load ended {Number(watched)} s later");
            }

            worst = Math.Max(worst, seen);
        }

        return Of(true, $"at most {Number(Math.Round(worst, 2))} s, of {begins.Length} faults", file);
    }

    // A fault's end is the last of its undos, or where it has none of its proofs.
    private static long[] Begins(ScenarioResult row, bool ends) =>
    [
        .. row.Timeline.OfType<FaultEvent>().Where(item => item is FaultLanded || (ends && item is FaultHealed))
            .GroupBy(item => (item.Id ?? "").Split('.')[0], StringComparer.Ordinal)
            .Select(fault => fault.Max(item => item.At)),
    ];

    // When the service first was as wanted from a moment on, itself included.
    private static long? FirstAt(HealthAnswered[] answers, long begin, bool bad)
    {
        var now = new Dictionary<string, long>(StringComparer.Ordinal);
        bool IsSo() => bad ? now.Values.Any(status => status != HealthAnswered.Good)
            : now.Count > 0 && now.Values.All(status => status == HealthAnswered.Good);
        foreach (var answer in answers)
        {
            if (answer.At > begin && IsSo())
            {
                return begin;
            }

            if (answer.Status is { } status)
            {
                now[answer.Pod ?? ""] = status;
            }
            else
            {
                now.Remove(answer.Pod ?? "");
            }

            if (answer.At > begin && IsSo())
            {
                return answer.At;
            }
        }

        return IsSo() ? begin : null;
    }

    private static List<CheckSpec> Both(ObjectReader item)
    {
        var service = item.Text("service") ?? "*";
        var specs = new[] { (Key: "badWithin", Kind: Bad), (Key: "goodWithin", Kind: Good) }
            .Where(one => item.Has(one.Key))
            .Select(one => new CheckSpec(one.Kind) { Service = service, AtMost = item.Number(one.Key, 0, 0, Limits.MostSeconds) }).ToList();
        if (specs.Count == 0)
        {
            item.Fault(ScenarioCodes.Missing, "", "a check of healthEndpoint needs 'badWithin', 'goodWithin' or both", 0);
            specs.Add(new CheckSpec(Good) { Service = service });
        }

        item.End();
        return specs;
    }
}

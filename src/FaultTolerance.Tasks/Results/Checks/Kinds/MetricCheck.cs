using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>
/// Every sample of a metric lies in a range: those taken through the load, and those at its end. The latter's form is Prometheus's text
/// exposition.
/// </summary>
internal sealed class MetricCheck : ICheck
{
    private const string Kind = "metricInRange";
    private const double Any = 1e300;

    public string Key => "metrics";

    public ImmutableArray<string> Kinds => [Kind];

    public string UnknownWhen => "no sample was collected";

    public JsonObject Schema =>
        JsonNode
            .Parse(
                """
                {
                  "type": "array", "minItems": 1, "description": "Every sample of a metric, through the load and at its end, is at least and at most so much.",
                  "items": {
                    "type": "object", "additionalProperties": false, "required": ["name"],
                    "anyOf": [{ "required": ["atLeast"] }, { "required": ["atMost"] }],
                    "properties": {
                      "service": { "type": "string", "minLength": 1, "default": "*", "description": "Services by name or glob." },
                      "name": { "type": "string", "minLength": 1, "description": "The metric's name, or with {labels} one series of it." },
                      "atLeast": { "type": "number" },
                      "atMost": { "type": "number" }
                    }
                  }
                }
                """
            )!
            .AsObject();

    public IEnumerable<CheckSpec> Read(ObjectReader item) => item.Objects(Key).Select(One);

    public bool IsWhole(CheckSpec check) => check is { Service: not null, Subject: not null } and not { AtLeast: null, AtMost: null };

    public string Asked(CheckSpec check)
    {
        var least = check.AtLeast is { } low ? $"at least {Number(low)}" : "";
        var most = check.AtMost is { } high ? $"at most {Number(high)}" : "";
        return $"{check.Subject} of {check.Service} {least}{(least.Length > 0 && most.Length > 0 ? " and " : "")}{most}";
    }

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var samples = Sampled(row, check);
        try
        {
            foreach (var file in PodFiles.Of(row, check.Service!, file => file.EndsWith(".metrics.log", StringComparison.Ordinal)))
            {
                samples.AddRange(File.ReadLines(file).Select((line, i) => (Sample: Exposition.Sample(line), Line: i + 1))
                    .Where(pair => pair.Sample is { } sample && Exposition.Matches(sample.Series, check.Subject!))
                    .Select(pair => new Sample(pair.Sample!.Value.Value, file, pair.Line)));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unknown($"metrics cannot be read: {error.Message}");
        }

        if (samples.Count == 0)
        {
            return Unknown($"no sample of {check.Subject} was collected from {check.Service}");
        }

        bool Inside(double value) =>
            value >= (check.AtLeast ?? double.NegativeInfinity) && value <= (check.AtMost ?? double.PositiveInfinity);
        var outside = samples.FindIndex(sample => !Inside(sample.Value));
        var count = $"{samples.Count} {(samples.Count == 1 ? "value" : "values")}";
        var range = $"{count} from {Number(samples.Min(sample => sample.Value))} to {Number(samples.Max(sample => sample.Value))}";
        return outside < 0
            ? Of(true, range, samples[0].File)
            : Of(false, $"{Number(samples[outside].Value)} in line {samples[outside].Line}; {range}", samples[outside].File);
    }

    private static List<Sample> Sampled(ScenarioResult row, CheckSpec check) =>
    [
        .. from pod in row.Metrics
           where Glob.Matches(check.Service!, pod.Service)
           from series in pod.Series
           where Exposition.Matches(series.Key, check.Subject!)
           from change in series.Value
           select new Sample(change.Value, pod.File, change.Line),
    ];

    private static CheckSpec One(ObjectReader item)
    {
        var check = new CheckSpec(Kind)
        {
            Service = item.Text("service") ?? "*",
            Subject = item.Text("name", required: true),
            AtLeast = item.Has("atLeast") ? item.Number("atLeast", 0, -Any, Any) : null,
            AtMost = item.Has("atMost") ? item.Number("atMost", 0, -Any, Any) : null,
        };
        item.End();
        if (check.AtLeast is null && check.AtMost is null)
        {
            item.Fault(ScenarioCodes.Missing, "", "a check of metrics needs 'atLeast', 'atMost' or both", 0);
        }

        return check;
    }

    private readonly record struct Sample(double Value, string File, int Line);
}

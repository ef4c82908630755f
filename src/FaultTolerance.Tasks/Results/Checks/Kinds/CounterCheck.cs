using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>
/// How much a counter rose through the load, where it stood at the end, or the peak of a gauge, over all series that are meant.
/// </summary>
internal sealed class CounterCheck : ICheck
{
    private const string Increase = "counterIncrease";
    private const string AtEnd = "counterAtEnd";
    private const string Peak = "metricPeak";
    private const string OfDynamo = "dynamo_";
    private const double Any = 1e300;
    private static readonly string[] Words = ["increase", "atEnd", "peak"];

    public string Key => "counters";

    public ImmutableArray<string> Kinds => [Increase, AtEnd, Peak];

    public string UnknownWhen => "no pod told its metrics, or the series is none of Dynamo's and absent";

    public JsonObject Schema => JsonNode.Parse("""
        {
          "type": "array", "minItems": 1,
          "description": "How much a counter rose through the load, its value at the end, or the peak of a metric: increase and atEnd are summed over all series meant, peak is that of one. A counter of Dynamo's (dynamo_...) that no pod has yet is 0.",
          "items": {
            "type": "object", "additionalProperties": false, "required": ["series", "is"],
            "anyOf": [{ "required": ["atLeast"] }, { "required": ["atMost"] }],
            "properties": {
              "service": { "type": "string", "minLength": 1, "default": "*", "description": "Services by name or glob." },
              "series": { "type": "string", "minLength": 1, "description": "A metric's name, with label matchers as Prometheus writes them: name{a=\"b\", c=~\"x.*\"}." },
              "is": { "enum": ["increase", "atEnd", "peak"] },
              "atLeast": { "type": "number" },
              "atMost": { "type": "number" }
            }
          }
        }
        """)!.AsObject();

    public IEnumerable<CheckSpec> Read(ObjectReader item) => item.Objects(Key).Select(One);

    public bool IsWhole(CheckSpec check) => check is { Service: not null, Subject: { } series } and not { AtLeast: null, AtMost: null }
        && SeriesMatcher.Parse(series) is not null;

    public string Asked(CheckSpec check)
    {
        var what = check.Kind switch { Increase => "increase", AtEnd => "value at the end", _ => "peak" };
        return $"{what} of {check.Subject} of {check.Service} {Limits.Range(check)}";
    }

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        if (SeriesMatcher.Parse(check.Subject!) is not { } series)
        {
            return Unknown($"'{check.Subject}' names no series");
        }

        var pods = row.Metrics.Where(pod => Glob.Matches(check.Service!, pod.Service)).ToList();
        var told = pods.Where(pod => pod.Polls.Any(poll => poll.Answered)).ToList();
        var found = told
            .SelectMany(pod => pod.Series.Where(one => series.Matches(one.Key)).Select(one => (pod, Values: one.Value))).ToList();
        if (told.Count == 0 || (found.Count == 0 && !series.Name.StartsWith(OfDynamo, StringComparison.Ordinal)))
        {
            return Unknown(told.Count == 0 ? $"no pod of {check.Service} told its metrics" : $"no pod of {check.Service} has {check.Subject}");
        }

        var value = found.Count == 0 ? 0 : check.Kind switch
        {
            Increase => found.Sum(one => one.pod.Rise(one.Values)),
            AtEnd => found.Sum(one => one.Values[^1].Value),
            _ => found.Max(one => one.Values.Max(change => change.Value)),
        };
        var inside = value >= (check.AtLeast ?? double.NegativeInfinity) && value <= (check.AtMost ?? double.PositiveInfinity);
        var of = found.Count == 0 ? $"no pod has it yet, which counts as 0 ({told.Count} told their metrics)"
            : $"over {found.Count} series of {told.Count} pods";
        return Of(inside, $"{Number(value)} {of}", found.Count == 0 ? null : found[0].pod.File);
    }

    private static CheckSpec One(ObjectReader item)
    {
        var kind = item.Choice("is", required: true, Words) switch { "atEnd" => AtEnd, "peak" => Peak, _ => Increase };
        var check = new CheckSpec(kind)
        {
            Service = item.Text("service") ?? "*",
            Subject = item.Text("series", required: true),
            AtLeast = item.Has("atLeast") ? item.Number("atLeast", 0, -Any, Any) : null,
            AtMost = item.Has("atMost") ? item.Number("atMost", 0, -Any, Any) : null,
        };
        item.End();
        if (check.AtLeast is null && check.AtMost is null)
        {
            item.Fault(ScenarioCodes.Missing, "", "a check of counters needs 'atLeast', 'atMost' or both", 0);
        }

        return check.Subject is null || SeriesMatcher.Parse(check.Subject) is not null ? check
            : item.Fault(ScenarioCodes.BadValue, "series", $"'{check.Subject}' names no series; write name{{label=\"value\"}}", check);
    }
}

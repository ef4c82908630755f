using System.Collections.Immutable;
using FaultTolerance.Results.Numbers;

namespace FaultTolerance.Results.Measures;

/// <summary>A number of the whole load.</summary>
/// <param name="Id">Name in CSV and JSON.</param>
/// <param name="Header">Header in a table.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Legend">What it is.</param>
/// <param name="Part">Takes it from a part of the load.</param>
internal sealed record NumberMeasure(string Id, string Header, MeasureUnit Unit, string Legend, Func<PhaseNumbers, double?> Part)
    : RowMeasure(Id, Header, Header.Replace('\n', ' '), Unit, Legend, row => row.Numbers is { } numbers ? Part(numbers.Whole) : null);

/// <summary>What the whole load measured: rates, and the distributions of its times.</summary>
internal static class NumbersMeasures
{
    private static readonly (string Id, string Header, Func<PhaseNumbers, Distribution?> Of, string Legend)[] Times =
    [
        ("latency", "Latency", part => part.Latency, "from the send to the last byte of an answer"),
        ("ttft", "TTFT", part => part.Ttft, "from the send to the first token"),
        ("itl", "ITL", part => part.Itl, "gap between two tokens, every one"),
        ("tpot", "TPOT", part => part.Tpot, "time per output token after the first, by request"),
    ];

    private static readonly (string Id, string Header, string Words, Func<Distribution, double> Of)[] Points =
    [
        ("mean", "Mean", "mean", part => part.Mean),
        ("p50", "p50", "median", part => part.P50),
        ("p90", "p90", "90th percentile", part => part.P90),
        ("p95", "p95", "95th percentile", part => part.P95),
        ("p99", "p99", "99th percentile", part => part.P99),
        ("max", "Max", "greatest", part => part.Max),
    ];

    /// <summary>All of them, in the order of their columns.</summary>
    public static ImmutableArray<NumberMeasure> All { get; } =
    [
        .. Of().Select(one => new NumberMeasure(one.Id, one.Header, one.Unit, one.Legend, one.Value)),
    ];

    /// <summary>The same of a part of a load, by the measures' ids.</summary>
    public static ImmutableArray<(string Id, MeasureUnit Unit, Func<PhaseNumbers, double?> Value)> OfPart { get; } =
        [.. Of().Select(one => (one.Id, one.Unit, one.Value))];

    private static IEnumerable<(string Id, string Header, MeasureUnit Unit, string Legend, Func<PhaseNumbers, double?> Value)> Of()
    {
        yield return ("request_throughput", "Requests\nper Second", MeasureUnit.PerSecond, "requests that succeeded, a second", part => part.RequestThroughput);
        yield return ("output_token_throughput", "Tokens\nper Second", MeasureUnit.PerSecond, "output tokens of streams that succeeded, a second, by the service’s count", part => part.OutputTokenThroughput);
        foreach (var time in Times)
        {
            foreach (var point in Points)
            {
                yield return ($"{time.Id}_{point.Id}", $"{time.Header}\n{point.Header}", MeasureUnit.Seconds, $"{time.Legend}: {point.Words}",
                    part => time.Of(part) is { } known ? point.Of(known) : null);
            }
        }

        yield return ("goodput", "Goodput", MeasureUnit.Share, "share of the requests within the load’s limits", part => part.Goodput);
        yield return ("request_goodput", "Good\nper Second", MeasureUnit.PerSecond, "requests within the load’s limits, a second", part => part.RequestGoodput);
    }
}

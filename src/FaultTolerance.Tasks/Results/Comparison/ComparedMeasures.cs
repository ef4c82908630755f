using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Comparison;

/// <summary>What two runs are compared by.</summary>
internal static class ComparedMeasures
{
    /// <summary>Times and lengths of recovery.</summary>
    public static ImmutableArray<RecoveryDefinition> Times { get; } =
    [
        Outage.OfAll,
        new FirstSuccess(),
        new ContainerStarted(),
        new EngineInitialised(),
        new PodReady(),
        new CapacityBack(),
        new SteadyAgain(),
    ];

    /// <summary>Requests lost as a share of those sent, 0 to 1.</summary>
    public const string LostShare = "lost_share";

    /// <summary>Streams that came through whole as a share of those that could be compared, 0 to 1.</summary>
    public const string Continuity = "continuity";

    /// <summary>Percentiles of the latency before the fault, seconds: id, title, share.</summary>
    public static ImmutableArray<(string Id, string Title, double Share)> Latencies { get; } =
        [("latency_p50_before", "Latency before the fault, p50", 0.5), ("latency_p95_before", "Latency before the fault, p95", 0.95)];

    /// <summary>The ids of all, in order.</summary>
    public static IEnumerable<string> All =>
        [.. Times.Select(one => one.Id), LostShare, Continuity, .. Latencies.Select(one => one.Id), .. Numbers.Select(one => one.Id)];

    /// <summary>Latencies of the answers that came before the fault, seconds; of a baseline those of all.</summary>
    public static IEnumerable<double> LatencyBefore(ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var until = row.Zero ?? long.MaxValue;
        return row
            .Attempts.SelectMany(client => client)
            .Where(attempt => attempt is { IsLast: true, Outcome: Outcome.Ok } && attempt.Ended < until)
            .Select(attempt => attempt.Seconds);
    }

    /// <summary>Numbers of the whole load: its rates, and the times that people choose a service by.</summary>
    public static ImmutableArray<NumberMeasure> Numbers { get; } =
    [
        .. NumbersMeasures.All.Where(one => one.Id is "request_throughput" or "output_token_throughput" or "latency_p50" or "latency_p99"
            or "ttft_p50" or "ttft_p99" or "itl_p50" or "itl_p99" or "tpot_p50" or "goodput"),
    ];

    /// <summary>What a number is counted in; seconds for all others that are no share.</summary>
    public static MeasureUnit UnitOf(string id) => id is LostShare or Continuity ? MeasureUnit.Share
        : Numbers.FirstOrDefault(one => one.Id == id)?.Unit ?? MeasureUnit.Seconds;

    /// <summary>A measure's name for people.</summary>
    public static string Title(string id) =>
        id == LostShare
            ? "Requests lost"
            : id == Continuity ? "Streams whole"
            : Latencies.Where(one => one.Id == id).Select(one => one.Title).FirstOrDefault()
                ?? Times.FirstOrDefault(one => one.Id == id)?.Title
                ?? Numbers.FirstOrDefault(one => one.Id == id)?.Title
                ?? id;
}

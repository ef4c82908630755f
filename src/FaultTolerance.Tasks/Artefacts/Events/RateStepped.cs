using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>rate.step</c>: a step of a search for a rate has ended. Its own load lies in <c>steps</c>, by its number.</summary>
internal sealed record RateStepped : TimelineEvent
{
    internal const string EventName = "rate.step";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>Its number, from 1.</summary>
    public required long? Step { get; init; }

    /// <summary>Requests a second that were sent.</summary>
    public required double? Rate { get; init; }

    /// <summary>What it came to, a name of <c>RateFate</c>.</summary>
    public required string? Fate { get; init; }

    /// <summary>Requests that were judged: those after the warm-up that say something of the service, and those that were shed.</summary>
    public required long? Requests { get; init; }

    /// <summary>Those of them within the limits.</summary>
    public required long? Good { get; init; }

    /// <summary>Requests that succeeded, a second.</summary>
    public double? Throughput { get; init; }

    /// <summary>Median latency, seconds.</summary>
    public double? LatencyP50 { get; init; }

    /// <summary>99th percentile of the latency.</summary>
    public double? LatencyP99 { get; init; }

    /// <summary>Median time to the first token, seconds.</summary>
    public double? TtftP50 { get; init; }

    /// <summary>99th percentile of that.</summary>
    public double? TtftP99 { get; init; }

    /// <summary>Median gap between two tokens, seconds.</summary>
    public double? ItlP50 { get; init; }

    /// <summary>99th percentile of that.</summary>
    public double? ItlP99 { get; init; }

    /// <summary>Why the step says nothing of the service; null where it does.</summary>
    public string? Reason { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Whole("step", Step);
        json.Number("rate", Rate);
        json.Text("fate", Fate);
        json.Whole("requests", Requests);
        json.Whole("good", Good);
        json.Number("throughput", Throughput);
        json.Number("latencyP50", LatencyP50);
        json.Number("latencyP99", LatencyP99);
        json.Number("ttftP50", TtftP50);
        json.Number("ttftP99", TtftP99);
        json.Number("itlP50", ItlP50);
        json.Number("itlP99", ItlP99);
        json.Text("reason", Reason);
    }

    internal static RateStepped Read(EventKeys keys) => new()
    {
        Step = keys.Whole("step"),
        Rate = keys.Seconds("rate"),
        Fate = keys["fate"],
        Requests = keys.Whole("requests"),
        Good = keys.Whole("good"),
        Throughput = keys.Seconds("throughput"),
        LatencyP50 = keys.Seconds("latencyP50"),
        LatencyP99 = keys.Seconds("latencyP99"),
        TtftP50 = keys.Seconds("ttftP50"),
        TtftP99 = keys.Seconds("ttftP99"),
        ItlP50 = keys.Seconds("itlP50"),
        ItlP99 = keys.Seconds("itlP99"),
        Reason = keys["reason"],
    };
}

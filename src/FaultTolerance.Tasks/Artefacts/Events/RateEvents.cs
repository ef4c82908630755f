using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>rate.search</c>: the highest rate is looked for at which the load's goodput holds.</summary>
internal sealed record RateSearchStarted : TimelineEvent
{
    internal const string EventName = "rate.search";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>Share of the requests that must be good.</summary>
    public required double? Share { get; init; }

    /// <summary>The lowest rate, requests a second.</summary>
    public required double? From { get; init; }

    /// <summary>The highest rate that is tried.</summary>
    public required double? To { get; init; }

    /// <summary>Longest time to the first token of a good request, seconds; null: not asked.</summary>
    public double? Ttft { get; init; }

    /// <summary>Longest mean gap between its tokens, seconds; null: not asked.</summary>
    public double? Itl { get; init; }

    /// <summary>Longest latency, seconds; null: not asked.</summary>
    public double? Latency { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Number("share", Share);
        json.Number("from", From);
        json.Number("to", To);
        json.Number("ttft", Ttft);
        json.Number("itl", Itl);
        json.Number("latency", Latency);
    }

    internal static RateSearchStarted Read(EventKeys keys) => new()
    {
        Share = keys.Seconds("share"),
        From = keys.Seconds("from"),
        To = keys.Seconds("to"),
        Ttft = keys.Seconds("ttft"),
        Itl = keys.Seconds("itl"),
        Latency = keys.Seconds("latency"),
    };
}

/// <summary><c>rate.end</c>: the search ended.</summary>
/// <param name="End">How, a name of <c>RateEnd</c>.</param>
internal sealed record RateSearchEnded(string? End) : TimelineEvent
{
    internal const string EventName = "rate.end";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json) => json.Text("end", End);

    internal static RateSearchEnded Read(EventKeys keys) => new(keys["end"]);
}

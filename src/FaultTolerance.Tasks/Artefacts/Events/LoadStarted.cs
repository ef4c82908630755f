using System.Collections.Immutable;
using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>load.started</c>: the load begins.</summary>
internal sealed record LoadStarted : TimelineEvent
{
    internal const string EventName = "load.started";
    private const int Digits = 4;

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>Clients.</summary>
    public required long? Clients { get; init; }

    /// <summary>Requests planned, of all clients.</summary>
    public required long? Planned { get; init; }

    /// <summary>Who decides when the next request is sent.</summary>
    public required LoadMode? Mode { get; init; }

    /// <summary>Seconds from the first request; what is sent in them is left out of band, damage and losses.</summary>
    public required double? WarmUp { get; init; }

    /// <summary>Tokens that each request asks for.</summary>
    public required long? OutputTokens { get; init; }

    /// <summary>Seconds from one request of a client to its next, as the load asks for it.</summary>
    public double? Period { get; init; }

    /// <summary>When each client sends its first request, in seconds from the load's start; empty where arrivals are random.</summary>
    public ImmutableArray<double> Starts { get; init; } = [];

    /// <summary>Whether a reset on a kept connection counts as the service's, as the load asks for it.</summary>
    public bool KeptResetsAreHarm { get; init; }

    /// <summary>Longest time to the first token of a good request, seconds; null: not asked.</summary>
    public double? GoodTtft { get; init; }

    /// <summary>Longest mean gap between its tokens, seconds; null: not asked.</summary>
    public double? GoodItl { get; init; }

    /// <summary>Longest latency, seconds; null: not asked.</summary>
    public double? GoodLatency { get; init; }

    /// <summary>
    /// How connections are used, where the load says: <c>own</c> (of each client), <c>inTurn</c>, <c>lastUsed</c>, <c>perRequest</c>.
    /// </summary>
    public string? Reuse { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Whole("clients", Clients);
        json.Whole("planned", Planned);
        json.Text("mode", Mode?.ToString());
        json.Number("warmUp", WarmUp);
        json.Whole("outputTokens", OutputTokens);
        json.Number("period", Period is { } period ? Math.Round(period, Digits) : null);
        json.Truth("keptResetsAreHarm", KeptResetsAreHarm ? true : null);
        json.Number("goodTtft", GoodTtft);
        json.Number("goodItl", GoodItl);
        json.Number("goodLatency", GoodLatency);
        json.Text("reuse", Reuse);
        if (!Starts.IsDefaultOrEmpty)
        {
            json.WriteStartArray("starts");
            foreach (var start in Starts)
            {
                json.WriteNumberValue(Math.Round(start, Digits));
            }

            json.WriteEndArray();
        }
    }

    internal static LoadStarted Read(EventKeys keys) => new()
    {
        Clients = keys.Whole("clients"),
        Planned = keys.Whole("planned"),
        Mode = keys["mode"] switch { nameof(LoadMode.Closed) => LoadMode.Closed, nameof(LoadMode.Open) => LoadMode.Open, _ => null },
        WarmUp = keys.Seconds("warmUp"),
        OutputTokens = keys.Whole("outputTokens"),
        Period = keys.Seconds("period"),
        Starts = keys.Numbers("starts"),
        KeptResetsAreHarm = keys.Truth("keptResetsAreHarm") ?? false,
        GoodTtft = keys.Seconds("goodTtft"),
        GoodItl = keys.Seconds("goodItl"),
        GoodLatency = keys.Seconds("goodLatency"),
        Reuse = keys["reuse"],
    };
}

/// <summary><c>load.first_request</c>: the first request was sent. The faults' times count from here.</summary>
internal sealed record FirstRequestSent : TimelineEvent
{
    internal const string EventName = "load.first_request";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        // The stamp is all that it tells.
    }

    internal static FirstRequestSent Read(EventKeys keys) => new();
}

using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>load.stopped</c>: a limit of <c>stopWhen</c> was broken, and the load was ended for it.</summary>
internal sealed record LoadStopped : TimelineEvent
{
    internal const string EventName = "load.stopped";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>The limit's key in scenarios.json, <c>errorShare</c>.</summary>
    public required string? Limit { get; init; }

    /// <summary>What was measured, and what was allowed.</summary>
    public required string? Reason { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.WriteString("limit", Limit);
        json.WriteString("reason", Reason);
    }

    internal static LoadStopped Read(EventKeys keys) => new() { Limit = keys["limit"], Reason = keys["reason"] };
}

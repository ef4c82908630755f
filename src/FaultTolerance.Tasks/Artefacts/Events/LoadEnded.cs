using System.Collections.Immutable;
using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>load.ended</c>: the load's books.</summary>
internal sealed record LoadEnded : TimelineEvent
{
    internal const string EventName = "load.ended";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>Requests planned, with what a load that lasts until recovery added.</summary>
    public required long? Planned { get; init; }

    /// <summary>Requests sent.</summary>
    public required long? Sent { get; init; }

    /// <summary>Requests not sent.</summary>
    public required long? NotSent { get; init; }

    /// <summary>Those of <see cref="NotSent"/> that the bound on outstanding requests shed.</summary>
    public required long? Shed { get; init; }

    /// <summary>Requests whose last attempt succeeded.</summary>
    public required long? Succeeded { get; init; }

    /// <summary>Requests whose last attempt failed.</summary>
    public required long? Failed { get; init; }

    /// <summary>Requests whose last attempt says nothing of the service; null where there is none.</summary>
    public long? Apart { get; init; }

    /// <summary>Attempts by outcome; outcomes that this version does not know are left out.</summary>
    public required ImmutableArray<(Outcome Outcome, long Count)> Attempts { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Whole("planned", Planned);
        json.Whole("sent", Sent);
        json.Whole("notSent", NotSent);
        json.Whole("shed", Shed);
        json.Whole("succeeded", Succeeded);
        json.Whole("failed", Failed);
        json.Whole("apart", Apart);
        json.WriteStartObject("attempts");
        foreach (var (outcome, count) in Attempts)
        {
            json.WriteNumber(outcome.ToString(), count);
        }

        json.WriteEndObject();
    }

    internal static LoadEnded Read(EventKeys keys) => new()
    {
        Planned = keys.Whole("planned"),
        Sent = keys.Whole("sent"),
        NotSent = keys.Whole("notSent"),
        Shed = keys.Whole("shed"),
        Succeeded = keys.Whole("succeeded"),
        Failed = keys.Whole("failed"),
        Apart = keys.Whole("apart"),
        Attempts = [.. Counts(keys["attempts"])],
    };

    private static List<(Outcome Outcome, long Count)> Counts(string? attempts)
    {
        var counts = new List<(Outcome, long)>();
        try
        {
            using var json = JsonDocument.Parse(attempts ?? "{}");
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in json.RootElement.EnumerateObject())
                {
                    if (
                        char.IsAsciiLetter(property.Name is [var first, ..] ? first : '0')
                        && Enum.TryParse<Outcome>(property.Name, out var outcome)
                        && property.Value.ValueKind == JsonValueKind.Number
                        && property.Value.TryGetInt64(out var count)
                    )
                    {
                        counts.Add((outcome, count));
                    }
                }
            }
        }
        catch (JsonException)
        {
            // Not an object: then nothing is told by outcome.
        }

        return counts;
    }
}

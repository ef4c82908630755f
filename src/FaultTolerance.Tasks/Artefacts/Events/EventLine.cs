using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Runs;

namespace FaultTolerance.Artefacts.Events;

/// <summary>
/// A line of <c>timeline.jsonl</c>: <c>at</c>, <c>event</c>, then the event's keys. The one list of events: a new one is a record and a
/// line here.
/// </summary>
internal static class EventLine
{
    private static readonly FrozenDictionary<string, Func<EventKeys, TimelineEvent>> Kinds = new Dictionary<
        string,
        Func<EventKeys, TimelineEvent>
    >(StringComparer.Ordinal)
    {
        [PhaseChanged.EventName] = PhaseChanged.Read,
        [DeploymentCreated.EventName] = DeploymentCreated.Read,
        [DeploymentReady.EventName] = DeploymentReady.Read,
        [LoadTarget.EventName] = LoadTarget.Read,
        [ExternalExpected.EventName] = ExternalExpected.Read,
        [Marked.EventName] = Marked.Read,
        [LoadStarted.EventName] = LoadStarted.Read,
        [FirstRequestSent.EventName] = FirstRequestSent.Read,
        [LoadHealth.EventName] = LoadHealth.Read,
        [LoadEnded.EventName] = LoadEnded.Read,
        [LoadStopped.EventName] = LoadStopped.Read,
        [RateSearchStarted.EventName] = RateSearchStarted.Read,
        [RateStepped.EventName] = RateStepped.Read,
        [RateSearchEnded.EventName] = RateSearchEnded.Read,
        [LoadPodStarted.EventName] = LoadPodStarted.Read,
        [LoadPodsStarted.EventName] = LoadPodsStarted.Read,
        [LoadPodLost.EventName] = LoadPodLost.Read,
        [FaultIssued.EventName] = FaultIssued.Read,
        [FaultLanded.EventName] = FaultLanded.Read,
        [FaultUnproven.EventName] = FaultUnproven.Read,
        [FaultReplaced.EventName] = FaultReplaced.Read,
        [FaultHit.EventName] = FaultHit.Read,
        [FaultContainerEnded.EventName] = FaultContainerEnded.Read,
        [FaultHealed.EventName] = FaultHealed.Read,
        [FaultUnhealed.EventName] = FaultUnhealed.Read,
        [PodChanged.EventName] = PodChanged.Read,
        [ReplicasChanged.EventName] = ReplicasChanged.Read,
        [EndpointChanged.EventName] = EndpointChanged.Read,
        [WayChanged.EventName] = WayChanged.Read,
        [HealthAnswered.EventName] = HealthAnswered.Read,
        [NeighbourChanged.EventName] = NeighbourChanged.Read,
        [ClockMeasured.EventName] = ClockMeasured.Read,
        [ErrorNoted.EventName] = ErrorNoted.Read,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names of all events that this version knows.</summary>
    public static ImmutableArray<string> Names => Kinds.Keys;

    /// <summary>Writes a line with its end.</summary>
    public static void Write(IBufferWriter<byte> buffer, DateTimeOffset at, TimelineEvent item)
    {
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("at", RunClock.Format(at));
            json.WriteString("event", item.Name);
            item.WriteKeys(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }

    /// <summary>Reads a line without its end; null, and why, where it is none.</summary>
    public static TimelineEvent? Read(ReadOnlySpan<byte> line, int number, out string why)
    {
        long? at = null;
        string? name = null;
        var keys = ImmutableArray.CreateBuilder<(string, string, bool)>(12);
        try
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                why = "not a JSON object";
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                reader.Read();
                if (key == "at" && reader.TokenType == JsonTokenType.String && IsoStamp.TryParse(reader.ValueSpan, out var stamp))
                {
                    at = stamp.Ticks;
                }
                else if (reader.TokenType != JsonTokenType.Null)
                {
                    var isText = reader.TokenType == JsonTokenType.String;
                    var text = Text(ref reader, line);
                    if (key == "event")
                    {
                        name = text;
                    }
                    else
                    {
                        keys.Add((key, isText && IsProse(key) ? SecretText.Hide(ForeignText.Line(text)) : text, !isText));
                    }
                }
            }

            reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            why = "not valid JSON";
            return null;
        }

        why = at is null ? "no time in 'at'" : "no 'event'";
        return at is { } instant && name is not null
            ? Of(name, new EventKeys(keys.ToImmutable())) with
            {
                At = instant,
                Line = number,
            }
            : null;
    }

    // Folders of other versions may hold what this one would have masked.
    private static bool IsProse(string key) => key is "message" or "reason" or "proof" or "note" or "command";

    private static TimelineEvent Of(string name, EventKeys keys) =>
        (Kinds.TryGetValue(name, out var read) ? read(keys) : new OtherEvent(name)) with { Keys = keys };

    private static string Text(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString()!;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                return Encoding.UTF8.GetString(line[start..(int)reader.BytesConsumed]);
            default:
                return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}

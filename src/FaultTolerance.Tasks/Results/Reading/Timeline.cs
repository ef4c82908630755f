using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FaultTolerance.Results.Reading;

/// <summary>One line of <c>timeline.jsonl</c>. The events and their keys stand in ARCHITECTURE.md.</summary>
/// <param name="At">UTC ticks.</param>
/// <param name="Name">The event.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Keys">Its other keys as text; lists and objects as raw JSON.</param>
public sealed record TimelineEvent(long At, string Name, int Line, ImmutableSortedDictionary<string, string> Keys)
{
    /// <summary>
    /// When it happened, UTC ticks: the pod's own stamp where that is finer than a second, as the local cluster's is, since the watch
    /// on a busy machine hears of it later; else <see cref="At"/>. Kubernetes itself stamps whole seconds, of another machine's clock.
    /// </summary>
    public long Happened { get; } =
        Keys.GetValueOrDefault("statusAt") is { } text && IsoStamp.TryParse(Encoding.UTF8.GetBytes(text), out var stamp)
        && stamp.Ticks % TimeSpan.TicksPerSecond != 0 && stamp.Ticks <= At ? stamp.Ticks : At;

    /// <summary>A key's text, or null.</summary>
    public string? this[string key] => Keys.GetValueOrDefault(key);

    /// <summary>A key's whole number, or null.</summary>
    public long? Whole(string key) => long.TryParse(this[key], NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A key's number, or null; a year of seconds is more than any load takes.</summary>
    public double? Seconds(string key) =>
        double.TryParse(this[key], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= 31_536_000 ? value : null;
}

/// <summary>A scenario's timeline in the order of its stamps; equal stamps keep the order of their lines.</summary>
internal sealed class Timeline(string file)
{
    /// <summary>Whether the file is there; the reference suite writes none.</summary>
    public bool Exists { get; private init; }

    public ImmutableArray<TimelineEvent> Events { get; private set; } = [];

    public DiagnosticBag Findings { get; } = new(file);

    public IEnumerable<TimelineEvent> Of(string name) => Events.Where(item => item.Name == name);

    public static Timeline Read(string path)
    {
        if (!File.Exists(path))
        {
            return new Timeline(path);
        }

        var timeline = new Timeline(path) { Exists = true };
        var events = new List<TimelineEvent>();
        try
        {
            using var lines = new LineReader(path);
            while (lines.TryRead(out var line))
            {
                if (line.Trim(" \t"u8).IsEmpty && !lines.TooLong)
                {
                    continue;
                }

                if (One(line, lines.Number, out var why) is { } item)
                {
                    events.Add(item);
                }
                else
                {
                    timeline.Findings.BrokenLine(lines.Number, lines.Unterminated ? $"cut off ({why})" : why);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            timeline.Findings.Add(ParseCodes.Unreadable, Severity.Error, $"cannot be read: {error.Message}");
        }

        timeline.Events = [.. events.OrderBy(item => item.At).ThenBy(item => item.Line)];
        return timeline;
    }

    private static TimelineEvent? One(ReadOnlySpan<byte> line, int number, out string why)
    {
        long? at = null;
        string? name = null;
        var keys = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
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
                else if (Text(ref reader, line) is { } text)
                {
                    name = key == "event" ? text : name;
                    keys[key] = text;
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
        keys.Remove("event");
        return at is { } instant && name is not null ? new TimelineEvent(instant, name, number, keys.ToImmutable()) : null;
    }

    private static string? Text(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                return Encoding.UTF8.GetString(line[start..(int)reader.BytesConsumed]);
            default:
                return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}

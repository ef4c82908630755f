using System.Text.Json;
using FaultTolerance.Results;
using FaultTolerance.Results.External;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports;

/// <summary>The failures from outside in <c>summary.json</c>: the key <c>external</c> of a row that is of that kind.</summary>
internal static class ExternalJson
{
    /// <summary>Writes the key; nothing for rows of another kind.</summary>
    public static void Write(Utf8JsonWriter json, ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(row);
        if (row.External is not { } windows)
        {
            return;
        }

        json.WriteStartArray("external");
        foreach (var window in windows)
        {
            json.WriteStartObject();
            json.WriteString("at", CsvFile.Instant(window.Zero));
            json.WriteString("from", window.Source switch { MomentSource.Mark => "mark", MomentSource.File => "file", _ => "found" });
            if (window.Text is { } text)
            {
                json.WriteString("text", text);
            }

            json.WriteNumber("lost", window.Lost);
            json.WriteNumber("late", window.Spell?.Late ?? 0);
            Value(json, "outage", window.Outage);
            Value(json, "firstSuccess", window.FirstSuccess);
            Value(json, "recovery", window.Recovery);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Value(Utf8JsonWriter json, string key, Measured value)
    {
        json.WriteStartObject(key);
        json.WriteString("is", value.Kind.ToString());
        if (value.Kind is MeasuredKind.Value or MeasuredKind.Censored)
        {
            json.WriteNumber("seconds", value.Seconds);
        }

        json.WriteEndObject();
    }
}

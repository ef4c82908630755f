using System.Text.Json;
using FaultTolerance.Runs;

namespace FaultTolerance.Artefacts.Events;

/// <summary>How events write their keys: what has no value is left out.</summary>
internal static class EventWriting
{
    /// <summary>A text, in which secrets are masked; nothing for null.</summary>
    public static void Text(this Utf8JsonWriter json, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(key, SecretText.Hide(value));
        }
    }

    /// <summary>A name by which events are joined, as it is: a masked one would be the same as another.</summary>
    public static void Id(this Utf8JsonWriter json, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(key, value);
        }
    }

    /// <summary>A whole number; nothing for null.</summary>
    public static void Whole(this Utf8JsonWriter json, string key, long? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(key, known);
        }
    }

    /// <summary>A number; nothing for null.</summary>
    public static void Number(this Utf8JsonWriter json, string key, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(key, known);
        }
    }

    /// <summary>An instant, UTC ticks; nothing for null.</summary>
    public static void Stamp(this Utf8JsonWriter json, string key, long? ticks) =>
        json.Text(key, ticks is { } at ? RunClock.Format(new DateTimeOffset(at, TimeSpan.Zero)) : null);

    /// <summary>True or false; nothing for null.</summary>
    public static void Truth(this Utf8JsonWriter json, string key, bool? value)
    {
        if (value is { } known)
        {
            json.WriteBoolean(key, known);
        }
    }
}

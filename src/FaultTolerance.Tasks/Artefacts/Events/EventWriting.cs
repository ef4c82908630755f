using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary>How events write their keys: what has no value is left out.</summary>
internal static class EventWriting
{
    /// <summary>A text; nothing for null.</summary>
    public static void Text(this Utf8JsonWriter json, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(key, SecretText.Hide(value));
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

    /// <summary>True or false; nothing for null.</summary>
    public static void Truth(this Utf8JsonWriter json, string key, bool? value)
    {
        if (value is { } known)
        {
            json.WriteBoolean(key, known);
        }
    }
}

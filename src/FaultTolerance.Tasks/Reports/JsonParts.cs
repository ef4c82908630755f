using System.Text.Json;
using FaultTolerance.Artefacts;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports;

/// <summary>The parts that the writers of <c>summary.json</c> share: a key is always there, and null where nothing is known.</summary>
internal static class JsonParts
{
    /// <summary>An array of texts.</summary>
    public static void Texts(this Utf8JsonWriter json, string key, IEnumerable<string> texts)
    {
        json.WriteStartArray(key);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>A text; null for none and for an empty one.</summary>
    public static void Text(this Utf8JsonWriter json, string key, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            json.WriteNull(key);
        }
        else
        {
            json.WriteString(key, text);
        }
    }

    /// <summary>A number a measure, under the measures' own keys; null where the row does not know it.</summary>
    public static void Numbers(this Utf8JsonWriter json, IEnumerable<IMeasure> measures, ScenarioResult scenario)
    {
        foreach (var measure in measures)
        {
            json.Number(
                measure.Json(),
                measure.Of(scenario) is { Kind: MeasuredKind.Value or MeasuredKind.Censored } value ? value.Seconds : null
            );
        }
    }

    /// <summary>A number; null for none and for what is no number.</summary>
    public static void Number(this Utf8JsonWriter json, string key, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(key, number);
        }
        else
        {
            json.WriteNull(key);
        }
    }

    /// <summary>A count an outcome.</summary>
    public static void Outcomes(this Utf8JsonWriter json, string key, IEnumerable<(Outcome Outcome, long Count)> counts)
    {
        json.WriteStartObject(key);
        foreach (var (outcome, count) in counts)
        {
            json.WriteNumber(outcome.ToString(), count);
        }

        json.WriteEndObject();
    }
}

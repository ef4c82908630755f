using System.Text.Json;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports;

/// <summary>
/// Both vantage points in <c>summary.json</c>: the key <c>vantage</c> of a row whose load comes from both, by part and figure.
/// </summary>
internal static class VantageJson
{
    /// <summary>Writes the key; nothing for other rows.</summary>
    public static void Write(Utf8JsonWriter json, ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(row);
        if (row.Vantage is not { } vantage)
        {
            return;
        }

        json.WriteStartObject("vantage");
        foreach (var part in vantage.Figures.GroupBy(figure => figure.Part, StringComparer.Ordinal))
        {
            json.WriteStartObject(part.Key);
            foreach (var figure in part)
            {
                json.WriteStartObject(figure.Name);
                Value(json, "cluster", figure.Cluster);
                Value(json, "here", figure.Here);
                json.Number("difference", figure.Difference);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, string key, Measured value)
    {
        json.WriteStartObject(key);
        json.WriteString("is", value.Kind.ToString());
        json.Number("value", value.Kind is MeasuredKind.Value or MeasuredKind.Censored ? value.Seconds : null);
        json.WriteEndObject();
    }
}

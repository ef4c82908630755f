using System.Text.Json;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Numbers;

namespace FaultTolerance.Reports;

/// <summary>A row's numbers in <c>summary.json</c>: the key <c>numbers</c>, with an object for each part of the load.</summary>
internal static class NumbersJson
{
    /// <summary>Writes the key; null where no log tells.</summary>
    public static void Write(Utf8JsonWriter json, ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(row);
        if (row.Numbers is not { } numbers)
        {
            json.WriteNull("numbers");
            return;
        }

        json.WriteStartObject("numbers");
        foreach (var (name, part) in numbers.Parts)
        {
            if (part is not null)
            {
                json.WriteStartObject(name);
                Part(json, part);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    private static void Part(Utf8JsonWriter json, PhaseNumbers part)
    {
        json.WriteNumber("seconds", part.Seconds);
        json.WriteNumber("requests", part.Requests);
        json.WriteNumber("succeeded", part.Succeeded);
        foreach (var (id, _, value) in NumbersMeasures.OfPart)
        {
            if (value(part) is { } number && double.IsFinite(number))
            {
                json.WriteNumber(id, number);
            }
        }
    }
}

using System.Text.Json;
using FaultTolerance.Results;
using FaultTolerance.Results.Continuity;
using FaultTolerance.Results.Measures;

namespace FaultTolerance.Reports;

/// <summary>How whole streams came through, in <c>summary.json</c>: the key <c>continuity</c> of a row whose load asks for it.</summary>
internal static class ContinuityJson
{
    /// <summary>Writes the key; nothing for other rows.</summary>
    public static void Write(Utf8JsonWriter json, MeasureCatalog measures, ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(measures);
        ArgumentNullException.ThrowIfNull(row);
        if (row.Continuity is not { } found)
        {
            return;
        }

        json.WriteStartObject("continuity");
        json.Numbers(measures.Continuity, row);
        json.WriteNumber("streamsWhole", found.Count(StreamFate.Whole));
        json.WriteNumber("streamsNotCompared", found.Count(StreamFate.NotCompared));
        json.WriteNumber("streamsByCharacters", found.ByCharacters);
        json.WriteNumber("controls", found.Controls);
        json.WriteNumber("controlsDiffering", found.ControlsDiffering);
        json.WriteString("interval", "Wilson, 95 %, over streams");
        if (found.Slowest is { } slowest)
        {
            json.WriteStartObject("longestPause");
            json.WriteNumber("client", slowest.Attempt.Client);
            json.WriteNumber("request", slowest.Attempt.Request);
            json.WriteNumber("afterEvent", slowest.PauseAfter);
            json.WriteBoolean("openAtFault", slowest.WasOpen);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}

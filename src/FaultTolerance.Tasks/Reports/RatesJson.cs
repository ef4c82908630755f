using System.Text.Json;
using FaultTolerance.Results;
using FaultTolerance.Results.Rates;

namespace FaultTolerance.Reports;

/// <summary>A search for the highest rate in <c>summary.json</c>: the key <c>rateSearch</c> of a row whose load asks for it.</summary>
internal static class RatesJson
{
    /// <summary>Writes the key; nothing for other rows.</summary>
    public static void Write(Utf8JsonWriter json, ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(row);
        if (row.Rates is not { } curve)
        {
            return;
        }

        json.WriteStartObject("rateSearch");
        json.Text("end", curve.End?.ToString());
        json.Number("held", curve.Held?.Rate);
        json.Number("notHeld", curve.Broke?.Rate);
        json.WriteString("found", RateWords.Found(curve));
        json.Number("share", curve.Asked.Share);
        json.Number("from", curve.Asked.From);
        json.Number("to", curve.Asked.To);
        json.Number("ttft", curve.Asked.Ttft);
        json.Number("itl", curve.Asked.Itl);
        json.Number("latency", curve.Asked.Latency);
        json.WriteString("interval", "Wilson, 95 %, over requests");
        json.WriteStartArray("steps");
        foreach (var step in curve.Steps)
        {
            json.WriteStartObject();
            json.WriteNumber("step", step.Told.Step ?? 0);
            json.WriteNumber("rate", step.Rate);
            json.WriteString("fate", step.Fate.ToString());
            json.WriteNumber("requests", step.Requests);
            json.WriteNumber("good", step.Good);
            foreach (var (key, value) in RatesCsv.Figures(step))
            {
                json.Number(key, value);
            }

            json.Text("reason", step.Told.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using FaultTolerance.Artefacts.AiPerf;

namespace FaultTolerance.Reports;

/// <summary>What AIPerf told of its load, in <c>summary.json</c>: the key <c>aiperf</c>.</summary>
internal static class AiPerfJson
{
    /// <summary>Writes the key; nothing where AIPerf did not make the load.</summary>
    public static void Write(Utf8JsonWriter json, ImmutableArray<AiPerfRun> runs)
    {
        if (runs.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("aiperf");
        foreach (var run in runs)
        {
            json.WriteStartObject();
            json.WriteNumber("client", run.Client);
            json.WriteNumber("attempt", run.Attempt);
            json.Number("succeeded", run.Succeeded);
            json.Number("failed", run.Failed);
            json.WriteBoolean("singleRequests", run.HasRequests);
            json.Text("trouble", run.Trouble);
            json.WriteStartObject("metrics");
            foreach (var metric in run.Metrics)
            {
                json.WriteStartObject(metric.Name);
                json.WriteString("unit", metric.Unit);
                foreach (var (name, value) in metric.Values)
                {
                    json.Number(name, value);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

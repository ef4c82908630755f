using System.Collections.Immutable;
using System.Text.Json;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports;

/// <summary>Recovery and damage of a row in <c>summary.json</c>.</summary>
internal static class RecoveryJson
{
    /// <summary>Writes the keys <c>recovery</c> and <c>damage</c>.</summary>
    public static void Write(Utf8JsonWriter json, MeasureCatalog measures, ScenarioResult scenario)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(measures);
        ArgumentNullException.ThrowIfNull(scenario);
        Write(json, scenario.Recovery);
        if (scenario.Damage is not { } damage)
        {
            json.WriteNull("damage");
            return;
        }

        json.WriteStartObject("damage");
        json.Numbers(measures.Damage, scenario);
        json.WriteStartArray("spells");
        foreach (var spell in damage.Spells)
        {
            json.WriteStartObject();
            json.Text("from", CsvFile.Instant(spell.From));
            json.Text("to", CsvFile.Instant(spell.To));
            json.WriteNumber("lost", spell.Lost);
            json.WriteNumber("late", spell.Late);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("inFlightAtFault");
        json.WriteNumber("requests", damage.InFlight.Sum(pair => pair.Count));
        json.Outcomes("outcomes", damage.InFlight);
        json.WriteEndObject();
        foreach (var (name, phase) in new[] { ("before", damage.Before), ("outage", damage.Outage), ("after", damage.After) })
        {
            json.WriteStartObject(name);
            json.WriteNumber("requests", phase.Count);
            Shares(json, "latency", phase.Latency);
            Shares(json, "latencyFromIntended", phase.FromIntended);
            Shares(json, "firstToken", phase.FirstToken);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the key <c>recovery</c>: an object a definition.</summary>
    public static void Write(Utf8JsonWriter json, ImmutableArray<(string Name, Measured Value)> recovery)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject("recovery");
        foreach (var (name, value) in recovery)
        {
            json.WriteStartObject(name);
            json.WriteString("is", value.Kind.ToString());
            json.Number("seconds", value.Kind is MeasuredKind.Value or MeasuredKind.Censored ? value.Seconds : null);
            json.Text("event", value.Event);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Shares(Utf8JsonWriter json, string key, Percentiles? shares)
    {
        if (shares is null)
        {
            json.WriteNull(key);
            return;
        }

        json.WriteStartObject(key);
        json.Number("p50", shares.P50);
        json.Number("p90", shares.P90);
        json.Number("p95", shares.P95);
        json.Number("p99", shares.P99);
        json.Number("max", shares.Max);
        json.WriteEndObject();
    }
}

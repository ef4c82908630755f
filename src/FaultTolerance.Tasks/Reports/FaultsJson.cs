using System.Collections.Immutable;
using System.Text.Json;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Verdicts;

namespace FaultTolerance.Reports;

/// <summary>A row's faults in <c>summary.json</c>: each by itself, a rollout's figures, and what all come to together.</summary>
internal static class FaultsJson
{
    /// <summary>Writes the keys <c>faults</c>, <c>upgrade</c> and <c>together</c>.</summary>
    public static void Write(Utf8JsonWriter json, MeasureCatalog measures, ScenarioResult scenario)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(measures);
        ArgumentNullException.ThrowIfNull(scenario);
        Faults(json, scenario.Faults);
        Upgrade(json, measures, scenario);
        Soak(json, measures, scenario);
    }

    // An only fault has what the row has, and is not told twice.
    private static void Faults(Utf8JsonWriter json, ImmutableArray<FaultVerdict> faults)
    {
        json.WriteStartArray("faults");
        foreach (var fault in faults)
        {
            json.WriteStartObject();
            json.WriteString("id", fault.Id);
            json.Text("kind", fault.Kind);
            json.Text("service", fault.Service);
            json.Texts("targets", fault.Targets);
            json.Text("orderedAt", CsvFile.Instant(fault.Ordered));
            json.Text("landedAt", CsvFile.Instant(fault.Landed ?? 0));
            json.Text("endedAt", CsvFile.Instant(fault.Ended ?? 0));
            json.Text("until", CsvFile.Instant(fault.Until ?? 0));
            json.WriteBoolean("lasts", fault.Lasts);
            json.WriteString("verdict", fault.Outcome.ToString());
            json.Number("lost", fault.Lost);
            json.WriteNumber("underWay", fault.UnderWay);
            json.Texts("open", fault.Open);
            json.Texts("proofs", fault.Proofs);
            json.Texts("undone", fault.Undone);
            json.Text("doubt", fault.Doubt);
            if (faults.Length > 1)
            {
                RecoveryJson.Write(json, fault.Recovery);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Only where there was a rollout.
    private static void Upgrade(Utf8JsonWriter json, MeasureCatalog measures, ScenarioResult scenario)
    {
        if (scenario.Upgrade is { } upgrade)
        {
            json.WriteStartObject("upgrade");
            json.Numbers(measures.Upgrades, scenario);
            json.Texts("platform", upgrade.Platform);
            json.WriteEndObject();
        }
    }

    // Only where there was a fault.
    private static void Soak(Utf8JsonWriter json, MeasureCatalog measures, ScenarioResult scenario)
    {
        if (!scenario.Faults.IsEmpty)
        {
            json.WriteStartObject("together");
            json.Numbers(measures.Soaks, scenario);
            json.Text("mttrIs", measures.Find("mttr")?.Of(scenario)?.Kind.ToString());
            json.WriteString("interval", "Wilson, 95 %, over requests");
            json.WriteEndObject();
        }
    }
}

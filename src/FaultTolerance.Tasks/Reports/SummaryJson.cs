using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.AiPerf;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Verdicts;

namespace FaultTolerance.Reports;

/// <summary>
/// <c>summary.json</c>: everything the tables hold and the findings, keys in a fixed order, paths relative to the run's folder.
/// </summary>
internal static class SummaryJson
{
    /// <summary>Version of the form; it rises when a key changes its meaning or goes.</summary>
    public const int FormatVersion = 1;

    /// <summary>Writes the file.</summary>
    public static void Write(RunResult run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        AtomicFile.Write(path, stream =>
        {
            using (
                var json = new Utf8JsonWriter(
                    stream,
                    new JsonWriterOptions
                    {
                        Indented = true,
                        NewLine = "\n",
                        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                    }
                )
            )
            {
                json.WriteStartObject();
                json.WriteNumber("format", FormatVersion);
                json.WriteBoolean("standIn", run.StandIn);
                json.WriteBoolean("sound", run.IsSound);
                Number(json, "sla", run.Sla);
                Verdict(json, run);
                json.WriteStartArray("scenarios");
                foreach (var scenario in run.Scenarios)
                {
                    Scenario(json, run, scenario);
                }

                json.WriteEndArray();
                Findings(json, run, run.Diagnostics);
                json.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
        });
    }

    private static void Scenario(Utf8JsonWriter json, RunResult run, ScenarioResult scenario)
    {
        json.WriteStartObject();
        json.WriteString("scenario", scenario.Name);
        json.WriteNumber("trial", scenario.Trial);
        json.WriteString("group", scenario.Group);
        json.WriteString("failure", scenario.Row.Failure);
        json.WriteString("state", scenario.State.ToString());
        Texts(json, "notes", scenario.Notes);
        json.WriteStartObject("legacy");
        Numbers(json, run.Measures.Legacy, scenario);
        json.WriteEndObject();
        Books(json, run.Measures, scenario);
        AiPerf(json, scenario.AiPerf);
        Failures(json, scenario);
        json.WriteStartObject("connections");
        Text(json, "reuse", scenario.Timeline.OfType<LoadStarted>().LastOrDefault()?.Reuse);
        Numbers(json, run.Measures.Connections, scenario);
        json.WriteEndObject();
        json.WriteStartObject("fault");
        Text(json, "at", CsvFile.Instant(scenario.FaultAt ?? 0));
        Text(json, "landedAt", CsvFile.Instant(scenario.LandedAt ?? 0));
        Texts(json, "proofs", scenario.Proofs);
        json.WriteEndObject();
        Number(json, "steadyForSeconds", scenario.SteadyFor?.TotalSeconds);
        Recovery(json, run.Measures, scenario);
        Faults(json, scenario.Faults);
        Upgrade(json, run.Measures, scenario);
        Soak(json, run.Measures, scenario);
        ExternalJson.Write(json, scenario);
        NumbersJson.Write(json, scenario);
        Checks(json, run.Verdict, scenario.Name);
        Generator(json, scenario.Generator);
        Findings(json, run, scenario.Diagnostics);
        json.WriteEndObject();
    }

    // Only where AIPerf made the load.
    private static void AiPerf(Utf8JsonWriter json, ImmutableArray<AiPerfRun> runs)
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
            Number(json, "succeeded", run.Succeeded);
            Number(json, "failed", run.Failed);
            json.WriteBoolean("singleRequests", run.HasRequests);
            Text(json, "trouble", run.Trouble);
            json.WriteStartObject("metrics");
            foreach (var metric in run.Metrics)
            {
                json.WriteStartObject(metric.Name);
                json.WriteString("unit", metric.Unit);
                foreach (var (name, value) in metric.Values)
                {
                    Number(json, name, value);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Verdict(Utf8JsonWriter json, RunResult run)
    {
        Text(json, "verdict", run.Verdict.Overall?.ToString().ToLowerInvariant());
        json.WriteStartObject("checks");
        foreach (var outcome in new[] { CheckOutcome.Pass, CheckOutcome.Fail, CheckOutcome.Unknown })
        {
            json.WriteNumber(outcome.ToString().ToLowerInvariant(), run.Verdict.Count(outcome));
        }

        json.WriteEndObject();
        json.WriteStartArray("scores");
        foreach (var score in run.Verdict.Scores(run.Scenarios))
        {
            json.WriteStartObject();
            json.WriteString("deployment", score.Deployment);
            json.WriteNumber("passed", score.Passed);
            json.WriteNumber("checks", score.Checks);
            json.WriteNumber("share", score.Share);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Checks(Utf8JsonWriter json, RunVerdict verdict, string scenario)
    {
        Text(json, "verdict", verdict.Of(scenario)?.ToString().ToLowerInvariant());
        json.WriteStartArray("checks");
        foreach (var check in verdict.ChecksOf(scenario))
        {
            json.WriteStartObject();
            json.WriteString("check", check.Kind);
            json.WriteString("asked", check.Asked);
            json.WriteString("outcome", check.Outcome.ToString().ToLowerInvariant());
            json.WriteString("evidence", check.Evidence);
            Text(json, "artefact", check.Artefact);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Recovery(Utf8JsonWriter json, MeasureCatalog measures, ScenarioResult scenario)
    {
        Recovery(json, scenario.Recovery);
        if (scenario.Damage is not { } damage)
        {
            json.WriteNull("damage");
            return;
        }

        json.WriteStartObject("damage");
        Numbers(json, measures.Damage, scenario);
        json.WriteStartArray("spells");
        foreach (var spell in damage.Spells)
        {
            json.WriteStartObject();
            Text(json, "from", CsvFile.Instant(spell.From));
            Text(json, "to", CsvFile.Instant(spell.To));
            json.WriteNumber("lost", spell.Lost);
            json.WriteNumber("late", spell.Late);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("inFlightAtFault");
        json.WriteNumber("requests", damage.InFlight.Sum(pair => pair.Count));
        Outcomes(json, "outcomes", damage.InFlight);
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

    private static void Recovery(Utf8JsonWriter json, ImmutableArray<(string Name, Measured Value)> recovery)
    {
        json.WriteStartObject("recovery");
        foreach (var (name, value) in recovery)
        {
            json.WriteStartObject(name);
            json.WriteString("is", value.Kind.ToString());
            Number(json, "seconds", value.Kind is MeasuredKind.Value or MeasuredKind.Censored ? value.Seconds : null);
            Text(json, "event", value.Event);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // Only where there was a fault.
    private static void Soak(Utf8JsonWriter json, MeasureCatalog measures, ScenarioResult scenario)
    {
        if (!scenario.Faults.IsEmpty)
        {
            json.WriteStartObject("together");
            Numbers(json, measures.Soaks, scenario);
            Text(json, "mttrIs", measures.Find("mttr")?.Of(scenario)?.Kind.ToString());
            json.WriteString("interval", "Wilson, 95 %, over requests");
            json.WriteEndObject();
        }
    }

    // Only where there was a rollout.
    private static void Upgrade(Utf8JsonWriter json, MeasureCatalog measures, ScenarioResult scenario)
    {
        if (scenario.Upgrade is { } upgrade)
        {
            json.WriteStartObject("upgrade");
            Numbers(json, measures.Upgrades, scenario);
            Texts(json, "platform", upgrade.Platform);
            json.WriteEndObject();
        }
    }

    // An only fault has what the row has, and is not told twice.
    private static void Faults(Utf8JsonWriter json, ImmutableArray<FaultVerdict> faults)
    {
        json.WriteStartArray("faults");
        foreach (var fault in faults)
        {
            json.WriteStartObject();
            json.WriteString("id", fault.Id);
            Text(json, "kind", fault.Kind);
            Text(json, "service", fault.Service);
            Texts(json, "targets", fault.Targets);
            Text(json, "orderedAt", CsvFile.Instant(fault.Ordered));
            Text(json, "landedAt", CsvFile.Instant(fault.Landed ?? 0));
            Text(json, "endedAt", CsvFile.Instant(fault.Ended ?? 0));
            Text(json, "until", CsvFile.Instant(fault.Until ?? 0));
            json.WriteBoolean("lasts", fault.Lasts);
            json.WriteString("verdict", fault.Outcome.ToString());
            Number(json, "lost", fault.Lost);
            json.WriteNumber("underWay", fault.UnderWay);
            Texts(json, "open", fault.Open);
            Texts(json, "proofs", fault.Proofs);
            Texts(json, "undone", fault.Undone);
            Text(json, "doubt", fault.Doubt);
            if (faults.Length > 1)
            {
                Recovery(json, fault.Recovery);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Shares(Utf8JsonWriter json, string key, Percentiles? shares)
    {
        if (shares is null)
        {
            json.WriteNull(key);
            return;
        }

        json.WriteStartObject(key);
        Number(json, "p50", shares.P50);
        Number(json, "p90", shares.P90);
        Number(json, "p95", shares.P95);
        Number(json, "p99", shares.P99);
        Number(json, "max", shares.Max);
        json.WriteEndObject();
    }

    private static void Books(Utf8JsonWriter json, MeasureCatalog measures, ScenarioResult scenario)
    {
        json.WriteStartObject("requests");
        Numbers(json, measures.Books, scenario);
        Outcomes(json, "outcomes", scenario.Books.Outcomes);
        Outcomes(json, "became", scenario.Books.Became);
        json.WriteEndObject();
    }

    private static void Failures(Utf8JsonWriter json, ScenarioResult scenario)
    {
        json.WriteStartArray("failures");
        foreach (var text in scenario.Failures)
        {
            json.WriteStartObject();
            json.WriteString("outcome", text.Outcome.ToString());
            Number(json, "status", text.Status == 0 ? null : text.Status);
            Text(json, "said", text.Said);
            json.WriteNumber("requests", text.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Outcomes(Utf8JsonWriter json, string key, IEnumerable<(Outcome Outcome, long Count)> counts)
    {
        json.WriteStartObject(key);
        foreach (var (outcome, count) in counts)
        {
            json.WriteNumber(outcome.ToString(), count);
        }

        json.WriteEndObject();
    }

    private static void Generator(Utf8JsonWriter json, GeneratorCheck? generator)
    {
        if (generator is null)
        {
            json.WriteNull("generator");
            return;
        }

        json.WriteStartObject("generator");
        json.WriteBoolean("valid", generator.Reasons.IsEmpty);
        Texts(json, "reasons", generator.Reasons);
        foreach (var (key, value) in generator.Values)
        {
            Number(json, key, value);
        }

        json.WriteEndObject();
    }

    private static void Findings(Utf8JsonWriter json, RunResult run, IEnumerable<Diagnostic> findings)
    {
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            json.WriteString("severity", finding.Severity.ToString());
            json.WriteString("message", finding.Message);
            Text(json, "file", finding.File is null ? null : Path.GetRelativePath(run.Folder, finding.File).Replace('\\', '/'));
            Number(json, "line", finding.Line == 0 ? null : finding.Line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string key, IEnumerable<string> texts)
    {
        json.WriteStartArray(key);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string key, string? text)
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

    private static void Numbers(Utf8JsonWriter json, IEnumerable<IMeasure> measures, ScenarioResult scenario)
    {
        foreach (var measure in measures)
        {
            Number(
                json,
                measure.Json(),
                measure.Of(scenario) is { Kind: MeasuredKind.Value or MeasuredKind.Censored } value ? value.Seconds : null
            );
        }
    }

    private static void Number(Utf8JsonWriter json, string key, double? value)
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
}

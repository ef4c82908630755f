using System.Text.Encodings.Web;
using System.Text.Json;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Measures;

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
                json.Number("sla", run.Sla);
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
        json.Texts("notes", scenario.Notes);
        json.WriteStartObject("legacy");
        json.Numbers(run.Measures.Legacy, scenario);
        json.WriteEndObject();
        Books(json, run.Measures, scenario);
        AiPerfJson.Write(json, scenario.AiPerf);
        Failures(json, scenario);
        json.WriteStartObject("connections");
        json.Text("reuse", scenario.Timeline.OfType<LoadStarted>().LastOrDefault()?.Reuse);
        json.Numbers(run.Measures.Connections, scenario);
        json.WriteEndObject();
        json.WriteStartObject("fault");
        json.Text("at", CsvFile.Instant(scenario.FaultAt ?? 0));
        json.Text("landedAt", CsvFile.Instant(scenario.LandedAt ?? 0));
        json.Texts("proofs", scenario.Proofs);
        json.WriteEndObject();
        json.Number("steadyForSeconds", scenario.SteadyFor?.TotalSeconds);
        RecoveryJson.Write(json, run.Measures, scenario);
        FaultsJson.Write(json, run.Measures, scenario);
        ExternalJson.Write(json, scenario);
        ContinuityJson.Write(json, run.Measures, scenario);
        VantageJson.Write(json, scenario);
        NumbersJson.Write(json, scenario);
        RatesJson.Write(json, scenario);
        Checks(json, run.Verdict, scenario.Name);
        Generator(json, scenario.Generator);
        Findings(json, run, scenario.Diagnostics);
        json.WriteEndObject();
    }

    private static void Verdict(Utf8JsonWriter json, RunResult run)
    {
        json.Text("verdict", run.Verdict.Overall?.ToString().ToLowerInvariant());
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
        json.Text("verdict", verdict.Of(scenario)?.ToString().ToLowerInvariant());
        json.WriteStartArray("checks");
        foreach (var check in verdict.ChecksOf(scenario))
        {
            json.WriteStartObject();
            json.WriteString("check", check.Kind);
            json.WriteString("asked", check.Asked);
            json.WriteString("outcome", check.Outcome.ToString().ToLowerInvariant());
            json.WriteString("evidence", check.Evidence);
            json.Text("artefact", check.Artefact);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Books(Utf8JsonWriter json, MeasureCatalog measures, ScenarioResult scenario)
    {
        json.WriteStartObject("requests");
        json.Numbers(measures.Books, scenario);
        json.Outcomes("outcomes", scenario.Books.Outcomes);
        json.Outcomes("became", scenario.Books.Became);
        json.WriteEndObject();
    }

    private static void Failures(Utf8JsonWriter json, ScenarioResult scenario)
    {
        json.WriteStartArray("failures");
        foreach (var text in scenario.Failures)
        {
            json.WriteStartObject();
            json.WriteString("outcome", text.Outcome.ToString());
            json.Number("status", text.Status == 0 ? null : text.Status);
            json.Text("said", text.Said);
            json.WriteNumber("requests", text.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
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
        json.Texts("reasons", generator.Reasons);
        foreach (var (key, value) in generator.Values)
        {
            json.Number(key, value);
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
            json.Text("file", finding.File is null ? null : Path.GetRelativePath(run.Folder, finding.File).Replace('\\', '/'));
            json.Number("line", finding.Line == 0 ? null : finding.Line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

using System.Collections.Immutable;
using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Reading;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>Computes a run's tables from its folder and writes the summaries. Every row that was not measured is an error.</summary>
public sealed class ParseResults : AsyncTask
{
    /// <summary>A run's folder, or a folder of runs (then the latest), or any folder that the reference suite wrote into.</summary>
    [Required]
    public string Results { get; set; } = "";

    /// <summary>The run's id; empty for the latest.</summary>
    public string Run { get; set; } = "";

    /// <summary>Latency limit, seconds; empty for none.</summary>
    public string Sla { get; set; } = "";

    /// <summary>Columns of the table on the console; empty for the summary's own tables.</summary>
    public string[] Columns { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>Form of that table: <c>fancy</c> or <c>markdown</c>.</summary>
    public string Format { get; set; } = "";

    /// <summary>Whether a check that failed is an error of the run.</summary>
    public bool Gate { get; set; }

    /// <summary>Whether an unknown check counts as failed.</summary>
    public bool Strict { get; set; }

    /// <summary>The folder that was parsed.</summary>
    [Output]
    public string RunFolder { get; set; } = "";

    /// <inheritdoc/>
    protected override System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        var columns = SummaryColumns.Find(Columns);
        RunFolder = RunLookup.Find(Results, Run);
        var sla = Sla.Length == 0 ? (double?)null : double.Parse(Sla, System.Globalization.CultureInfo.InvariantCulture);
        var result = RunJudge.Judge(RunParser.Parse(RunFolder, new ParseOptions { Sla = sla }, cancellation));
        RunFiles.NoteProviders(RunFolder, result);
        ReportWriter.WriteAll(result, RunFolder, FaultKinds.Standard.Words, Strict);
        FaultTolerance.Runs.RunFolder.NoteMet(RunFolder, MetWords.Of(result));
        WriteConsole(result, columns);
        foreach (var row in result.Scenarios.Where(row => row.State is RowState.Failed or RowState.Unproven or RowState.Invalid))
        {
            var code = row.State switch
            {
                RowState.Unproven => "FT0812",
                RowState.Invalid => "FT0823",
                _ => "FT0810",
            };
            Log.LogError(
                null,
                code,
                null,
                null,
                0,
                0,
                0,
                0,
                "{0}",
                $"{row.Name}: {row.State.ToString().ToLowerInvariant()}{(row.Notes.Length > 0 ? $", {row.Notes[0]}" : "")}"
            );
        }

        foreach (var finding in result.Diagnostics.Where(finding => finding.Severity == Severity.Error))
        {
            Log.LogError(null, finding.Code, null, finding.File, finding.Line, 0, 0, 0, "{0}", finding.Message);
        }

        foreach (var finding in result.Diagnostics.Where(finding => finding.Severity == Severity.Warning))
        {
            Log.LogWarning(null, finding.Code, null, finding.File, finding.Line, 0, 0, 0, "{0}", finding.Message);
        }

        if (Gate)
        {
            LogGate(result.Verdict);
        }

        return System.Threading.Tasks.Task.CompletedTask;
    }

    // The front shows this file in place of the summary; it is of this command only.
    private void WriteConsole(RunResult result, ImmutableArray<SummaryColumn> columns)
    {
        var file = Path.Combine(RunFolder, "summary.console.txt");
        if (columns.IsEmpty)
        {
            File.Delete(file);
        }
        else
        {
            AtomicFile.WriteText(
                file,
                SummaryText.Write(result, columns, Format == "markdown" ? TableFormat.Pipe : TableFormat.Fancy) + VerdictText.Write(result)
            );
        }
    }

    private void LogGate(RunVerdict verdict)
    {
        foreach (var (row, check) in verdict.Rows.SelectMany(row => row.Value.Select(check => (row.Key, check))))
        {
            if (check.Outcome == CheckOutcome.Fail || (Strict && check.Outcome == CheckOutcome.Unknown))
            {
                Log.LogError(
                    null,
                    "FT0820",
                    null,
                    null,
                    0,
                    0,
                    0,
                    0,
                    "{0}",
                    $"{row}: {check.Asked}: {check.Outcome.ToString().ToLowerInvariant()}, {check.Evidence}"
                );
            }
        }

        if (verdict.Overall is null && Strict)
        {
            Log.LogError(
                null,
                "FT0821",
                null,
                null,
                0,
                0,
                0,
                0,
                "{0}",
                "A strict gate was asked for, but the run has no checks. Write some under 'checks' in scenarios.json, or leave --strict out."
            );
        }
    }
}

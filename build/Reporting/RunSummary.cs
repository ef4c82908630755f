using System.Text;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Reporting;

/// <summary>What stands at the end of a command: errors, the targets' table, the scenarios' table, and what the host is to keep.</summary>
internal static class RunSummary
{
    // What GitHub shows of one step's summary at most.
    private const int StepSummaryLimit = 1024 * 1024;

    public static void Write(
        Invocation invocation, FrontOutput output, ExecutionPlan plan, IRunState state,
        IReadOnlyDictionary<string, (TargetStatus Status, TimeSpan Duration)> frontResults, string? runFolder, TimeSpan total, int exitCode)
    {
        var problems = state.Problems;
        foreach (var (isError, _, error) in problems)
        {
            if (output.Format.Report(isError, error.RelativeTo(invocation.Root)) is { } report)
            {
                output.Console.Raw(report);
            }
        }

        SummaryTable.WriteProblems(output.Console, problems);
        SummaryTable.Write(output.Console, Rows(plan, state, frontResults, exitCode), total, exitCode);
        if (runFolder is not null)
        {
            WriteTables(invocation, output, runFolder);
        }
    }

    internal static IReadOnlyList<SummaryRow> Rows(
        ExecutionPlan plan, IRunState state, IReadOnlyDictionary<string, (TargetStatus Status, TimeSpan Duration)> frontResults,
            int exitCode) =>
        [.. plan.Rows.Where(r => r.Target.DependsOn.Count == 0).Select(r => Row(r, state, frontResults, exitCode))];

    private static SummaryRow Row(
        PlannedTarget row, IRunState state, IReadOnlyDictionary<string, (TargetStatus Status, TimeSpan Duration)> frontResults,
            int exitCode)
    {
        var name = row.Target.Name;
        if (row.Skipped is not null)
        {
            return new SummaryRow(name, TargetStatus.Skipped, null, $"Skipped: {row.Skipped}");
        }

        if (frontResults.TryGetValue(name, out var front))
        {
            return new SummaryRow(name, front.Status, front.Duration);
        }

        var running = state.Snapshot().Any(s => s.Started && !s.Finished && s.Phase == name);
        if (state.Tally(name) is not { } tally)
        {
            return new SummaryRow(name, running && exitCode != 0 ? TargetStatus.Aborted : TargetStatus.NotRun);
        }

        var count = tally.Succeeded + tally.Failed;
        var selected = Math.Max(count, state.Snapshot().Count);
        return new SummaryRow(
            name,
            tally.Failed > 0 || tally.OwnFailed ? (exitCode is 130 or 143 ? TargetStatus.Aborted : TargetStatus.Failed)
                : TargetStatus.Succeeded,
            count > 0 ? tally.Scenarios : tally.Own,
            count > 0 && (selected > 1 || tally.Failed > 0) ? $"Scenarios: {tally.Succeeded} of {selected}" : null);
    }

    private static void WriteTables(Invocation invocation, FrontOutput output, string runFolder)
    {
        var asked = Path.Combine(runFolder, "summary.console.txt");
        var file = invocation.Parameters.Items("Columns").Count > 0 && File.Exists(asked) ? asked
            : Path.Combine(runFolder, invocation.Parameters.Text("Format") == "markdown" ? "summary.md" : "summary.txt");
        if (File.Exists(file))
        {
            output.Console.Raw("");
            output.Console.Raw(ForeignText.Block(File.ReadAllText(file)));
        }

        output.Console.Raw("");
        output.Console.Raw($"Results: {ForeignText.Line(Path.GetRelativePath(invocation.Root, runFolder))}");
        var page = Path.Combine(runFolder, "report.html");
        if (File.Exists(page))
        {
            output.Console.Raw($"Page:    {ForeignText.Line(Path.GetRelativePath(invocation.Root, page))}");
        }

        var markdown = Path.Combine(runFolder, "summary.github.md");
        markdown = File.Exists(markdown) ? markdown : Path.Combine(runFolder, "summary.md");
        if (output.Host == HostNames.GitHub && invocation.Environment.GetValueOrDefault("GITHUB_STEP_SUMMARY") is { Length: > 0 } target
            && File.Exists(markdown))
        {
            AppendWithin(target, File.ReadAllText(markdown), StepSummaryLimit);
        }

        foreach (var line in output.Format.Artifacts(File.Exists(markdown) ? markdown : null, runFolder))
        {
            output.Console.Raw(line);
        }
    }

    /// <summary>Appends whole lines as long as the file stays within the limit; a longer text ends with a line that says so.</summary>
    internal static void AppendWithin(string file, string text, int limit)
    {
        const string Note = "\n_The rest is in the run's summary.md._\n";
        var room = limit - (File.Exists(file) ? (int)Math.Min(new FileInfo(file).Length, limit) : 0);
        if (Encoding.UTF8.GetByteCount(text) > room)
        {
            room -= Encoding.UTF8.GetByteCount(Note);
            var kept = new StringBuilder();
            foreach (var line in text.Split('\n'))
            {
                room -= Encoding.UTF8.GetByteCount(line) + 1;
                if (room < 0)
                {
                    break;
                }

                kept.Append(line).Append('\n');
            }

            text = kept.Length == 0 ? "" : kept + Note;
        }

        File.AppendAllText(file, text);
    }
}

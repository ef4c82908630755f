using System.Text;
using FaultMatrix.Build.Commands;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Reporting;

/// <summary>What stands at the end of a command: errors, the targets' table, the scenarios' table, and what the host is to keep.</summary>
internal static class RunSummary
{
    // What GitHub shows of one step's summary at most.
    private const int StepSummaryLimit = 1024 * 1024;

    public static void Write(
        FrontContext context, ExecutionPlan plan, RunTracker tracker,
        IReadOnlyDictionary<string, (TargetStatus Status, TimeSpan Duration)> frontResults, string? runFolder, TimeSpan total, int exitCode)
    {
        var problems = tracker.Problems;
        foreach (var (isError, _, error) in problems)
        {
            if (context.Format.Report(isError, error.RelativeTo(context.Root)) is { } report)
            {
                context.Console.Raw(report);
            }
        }

        SummaryTable.WriteProblems(context.Console, problems);
        SummaryTable.Write(context.Console, Rows(plan, tracker, frontResults, exitCode), total, exitCode);
        if (runFolder is not null)
        {
            WriteTables(context, runFolder);
        }
    }

    internal static IReadOnlyList<SummaryRow> Rows(
        ExecutionPlan plan, RunTracker tracker, IReadOnlyDictionary<string, (TargetStatus Status, TimeSpan Duration)> frontResults, int exitCode) =>
        [.. plan.Rows.Where(r => r.Target.DependsOn.Count == 0).Select(r => Row(r, tracker, frontResults, exitCode))];

    private static SummaryRow Row(
        PlannedTarget row, RunTracker tracker, IReadOnlyDictionary<string, (TargetStatus Status, TimeSpan Duration)> frontResults, int exitCode)
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

        var running = tracker.Snapshot().Any(s => s.Started && !s.Finished && s.Phase == name);
        if (tracker.Tally(name) is not { } tally)
        {
            return new SummaryRow(name, running && exitCode != 0 ? TargetStatus.Aborted : TargetStatus.NotRun);
        }

        var count = tally.Succeeded + tally.Failed;
        var selected = Math.Max(count, tracker.Snapshot().Count);
        return new SummaryRow(
            name,
            tally.Failed > 0 || tally.OwnFailed ? (exitCode is 130 or 143 ? TargetStatus.Aborted : TargetStatus.Failed) : TargetStatus.Succeeded,
            count > 0 ? tally.Scenarios : tally.Own,
            count > 0 && (selected > 1 || tally.Failed > 0) ? $"Scenarios: {tally.Succeeded} of {selected}" : null);
    }

    private static void WriteTables(FrontContext context, string runFolder)
    {
        var asked = Path.Combine(runFolder, "summary.console.txt");
        var file = context.Parameters.Items("Columns").Count > 0 && File.Exists(asked) ? asked
            : Path.Combine(runFolder, context.Parameters.Text("Format") == "markdown" ? "summary.md" : "summary.txt");
        if (File.Exists(file))
        {
            context.Console.Raw("");
            context.Console.Raw(File.ReadAllText(file).TrimEnd());
        }

        context.Console.Raw("");
        context.Console.Raw($"Results: {Path.GetRelativePath(context.Root, runFolder)}");
        var page = Path.Combine(runFolder, "report.html");
        if (File.Exists(page))
        {
            context.Console.Raw($"Page:    {Path.GetRelativePath(context.Root, page)}");
        }

        var markdown = Path.Combine(runFolder, "summary.github.md");
        markdown = File.Exists(markdown) ? markdown : Path.Combine(runFolder, "summary.md");
        if (context.Host == HostNames.GitHub && context.Environment.GetValueOrDefault("GITHUB_STEP_SUMMARY") is { Length: > 0 } target && File.Exists(markdown))
        {
            AppendWithin(target, File.ReadAllText(markdown), StepSummaryLimit);
        }

        foreach (var line in context.Format.Artifacts(File.Exists(markdown) ? markdown : null, runFolder))
        {
            context.Console.Raw(line);
        }
    }

    /// <summary>Appends whole lines as long as the file stays within the limit; a longer text ends with a line that says so.</summary>
    internal static void AppendWithin(string file, string text, int limit)
    {
        const string note = "\n_The rest is in the run's summary.md._\n";
        var room = limit - (File.Exists(file) ? (int)Math.Min(new FileInfo(file).Length, limit) : 0);
        if (Encoding.UTF8.GetByteCount(text) > room)
        {
            room -= Encoding.UTF8.GetByteCount(note);
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

            text = kept.Length == 0 ? "" : kept + note;
        }

        File.AppendAllText(file, text);
    }
}

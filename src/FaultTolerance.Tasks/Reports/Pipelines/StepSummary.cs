using System.Globalization;
using System.Text;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Reports.Pipelines;

/// <summary>
/// <c>summary.github.md</c>: what a pipeline's page shows of a run, for GitHub's step summary and Azure's <c>uploadsummary</c>: the
/// verdict, a table with a line of blocks a row, and the checks that did not pass. Within GitHub's 1024 KiB whatever the run's size.
/// </summary>
internal static class StepSummary
{
    /// <summary>The file's name.</summary>
    public const string FileName = "summary.github.md";

    /// <summary>GitHub's limit for one step, bytes.</summary>
    public const int Limit = 1024 * 1024;

    private const string Rest = "\n_The rest is in the run's report.html._\n";

    /// <summary>The document.</summary>
    public static string Write(RunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var text = new StringBuilder("## Fault matrix\n\n");
        if (run.StandIn)
        {
            text.Append("> ").Append(SummaryText.StandInLine).Append("\n\n");
        }

        text.Append("**").Append(VerdictText.Headline(run)).Append("**\n");
        var room = Limit - Encoding.UTF8.GetByteCount(Rest) - Encoding.UTF8.GetByteCount(text.ToString());
        foreach (var line in Lines(run))
        {
            room -= Encoding.UTF8.GetByteCount(line) + 1;
            if (room < 0)
            {
                return text.Append(Rest).ToString();
            }

            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Lines(RunResult run)
    {
        foreach (var group in run.Scenarios.GroupBy(row => row.Group, StringComparer.Ordinal))
        {
            yield return $"\n### {Escape(group.Key)}\n";
            yield return "| Failure | Verdict | Outage | Lost | Goodput over the load |";
            yield return "| --- | --- | ---: | ---: | --- |";
            foreach (var row in RowTrials.Of(group))
            {
                var (lost, sent, _, _) = row.LostShare;
                yield return $"| {Escape(row.Failure)}{(row.Repeated ? $", {row.All.Length} trials" : "")} | {Verdict(run, row)} | {Outage(row)} | {lost} of {sent} | `{Sparkline.Draw(row.Typical)}` |";
            }
        }

        var open = run
            .Scenarios.SelectMany(row =>
                run.Verdict.ChecksOf(row.Name).Where(check => check.Outcome != CheckOutcome.Pass).Select(check => (row, check))
            )
            .ToList();
        if (open.Count > 0)
        {
            yield return "\n### Checks that did not pass\n";
            foreach (var (row, check) in open)
            {
                yield return $"- **{check.Outcome.ToString().ToLowerInvariant()}** {Escape(row.Name)}: {Escape(check.Asked)} ({Escape(check.Evidence)})";
            }
        }
    }

    private static string Verdict(RunResult run, RowTrials row) => run.Verdict.Of(row.All) switch
    {
        CheckOutcome.Pass => "✔ pass",
        CheckOutcome.Fail => "✘ fail",
        CheckOutcome.Unknown => "? unknown",
        _ => row.Typical.State.ToString().ToLowerInvariant(),
    };

    private static string Outage(RowTrials row) => row.Lost is { Greatest: 0 } && row.All.Any(trial => trial.Damage is not null) ? "none"
        : row.Recovery(Results.Recovery.Outage.Key) is { Median: { Kind: MeasuredKind.Value or MeasuredKind.Censored } median } spread
            ? $"{median.ToCell()} s{(row.Repeated ? $" ({spread.Least.ToString("F2", CultureInfo.InvariantCulture)} to {spread.Greatest.ToString("F2", CultureInfo.InvariantCulture)})" : "")}".Replace(
                ">",
                "over",
                StringComparison.Ordinal
            )
        : "–";

    // Texts of logs must not become mark-up.
    internal static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            safe.Append(c is '\\' or '`' or '*' or '<' or '>' or '[' or ']' or '|' or '#' ? "\\" : "").Append(c);
        }

        return safe.ToString();
    }
}

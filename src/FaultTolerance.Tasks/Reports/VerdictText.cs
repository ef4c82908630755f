using System.Text;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;

namespace FaultTolerance.Reports;

/// <summary>The verdict in lines of text, to stand under the tables.</summary>
internal static class VerdictText
{
    /// <summary>One sentence.</summary>
    public static string Headline(RunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var verdict = run.Verdict;
        return verdict.Overall is not { } outcome
            ? "No verdict: no checks were asked for."
            : $"Verdict: {outcome.ToString().ToLowerInvariant()}. Of {verdict.All.Count()} checks {verdict.Count(CheckOutcome.Pass)} passed, {verdict.Count(CheckOutcome.Fail)} failed, {verdict.Count(CheckOutcome.Unknown)} are unknown.{(verdict.Bars is { } bars ? $" {bars}" : "")}";
    }

    /// <summary>The sentence, the scores, and each check that did not pass with its evidence.</summary>
    /// <param name="run">The result.</param>
    /// <param name="markdown">Whether lines become a list.</param>
    public static string Write(RunResult run, bool markdown = false)
    {
        var text = new StringBuilder("\n").Append(markdown ? "## " : "").Append(Headline(run)).Append('\n');
        var scores = run.Verdict.Scores(run.Scenarios);
        if (!scores.IsEmpty)
        {
            text.Append(markdown ? "\n" : "").Append("Score: ").AppendJoin(", ", scores).Append('\n');
        }

        var open = run
            .Scenarios.SelectMany(row =>
                run.Verdict.ChecksOf(row.Name)
                    .Where(check => check.Outcome != CheckOutcome.Pass)
                    .Select(check => $"{check.Outcome.ToString().ToLowerInvariant()}: {row.Name}: {check.Asked} ({check.Evidence})")
            )
            .ToList();
        text.Append(markdown && open.Count > 0 ? "\n" : "");
        foreach (var line in open)
        {
            text.Append(markdown ? $"- {Pipelines.StepSummary.Escape(line)}" : line).Append('\n');
        }

        return text.ToString();
    }
}

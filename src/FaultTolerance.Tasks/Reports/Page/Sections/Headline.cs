using System.Globalization;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>The first lines: which run, what the verdict is, what was measured.</summary>
internal static class Headline
{
    /// <summary>The run in a few words.</summary>
    public static Markup Draw(RunResult run)
    {
        var scenarios = run.Scenarios.Length;
        var rows = run.Scenarios.Select(row => row.RowName).Distinct(StringComparer.Ordinal).Count();
        var what = rows == scenarios ? "scenarios" : $"trials of {rows} {(rows == 1 ? "scenario" : "scenarios")}";
        var sound = run.Scenarios.Count(row => row.State is RowState.Measured or RowState.Baseline or RowState.Unverified);
        var standIn = run.StandIn
            ? new Markup($"""<p class="banner"><strong>Stand-in results.</strong> {SummaryLine} Times show how the tool measures, not how a product behaves.</p>""")
            : Markup.Empty;
        return Markup.Of($"""
            <h1>Fault matrix</h1>
            <p class="soft">{(run.Id.Length == 0 ? "A run without an id" : $"Run {run.Id}")}{Started(run)}</p>
            {standIn}
            {Verdict(run.Verdict)}
            {Scores(run)}
            <p>{(sound == scenarios ? $"{(scenarios == 1 ? "The scenario was" : $"All {scenarios} {what} were")} measured" : $"{sound} of {scenarios} {what} were measured; the others are hatched below")}, each fault with its proof. A cell says for how long no client got an answer after the fault, and how many requests were lost; it leads to the picture and the numbers.</p>

            """);
    }

    private const string SummaryLine = SummaryText.StandInLine;

    private static string Started(RunResult run)
    {
        var first = run.Scenarios.SelectMany(row => row.Timeline).Select(item => item.At).DefaultIfEmpty(0).Min();
        return first == 0 ? "" : $", begun {new DateTime(first, DateTimeKind.Utc).ToString("d MMMM yyyy 'at' HH:mm 'UTC'", CultureInfo.InvariantCulture)}";
    }

    private static Markup Verdict(RunVerdict verdict)
    {
        if (verdict.Overall is not { } outcome)
        {
            return new Markup("""<div class="verdict"><span class="sign" aria-hidden="true">–</span><div><b>No verdict</b><br>No checks were asked for, so nothing was judged. <code>checks</code> in scenarios.json asks for them.</div></div>""");
        }

        var (passed, failed, unknown) = (verdict.Count(CheckOutcome.Pass), verdict.Count(CheckOutcome.Fail), verdict.Count(CheckOutcome.Unknown));
        var word = outcome switch { CheckOutcome.Pass => "Passed", CheckOutcome.Fail => "Failed", _ => "Undecided" };
        return Markup.Of($"""<div class="verdict {Signs.Key(outcome)}">{Signs.Draw(outcome)}<div><b>{word}</b><br>{passed} of {passed + failed + unknown} checks passed, {failed} failed, {unknown} unknown.{(verdict.Bars is { } bars ? $" {bars}" : "")}</div></div>""");
    }

    private static Markup Scores(RunResult run)
    {
        var scores = run.Verdict.Scores(run.Scenarios);
        return scores.IsEmpty ? Markup.Empty : Markup.Of($"""<p class="soft">Score: {string.Join(" · ", scores)}</p>""");
    }
}

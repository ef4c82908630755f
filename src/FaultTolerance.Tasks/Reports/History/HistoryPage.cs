using System.Text;
using FaultTolerance.Reports.Comparison;
using FaultTolerance.Reports.Page;
using FaultTolerance.Results.History;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.History;

/// <summary>The page of a history: what changed, then a section a row with a line a measure.</summary>
internal static class HistoryPage
{
    /// <summary>Draws it.</summary>
    /// <param name="history">The runs over time.</param>
    /// <param name="folder">Where the page will lie, for links to the runs' own pages.</param>
    public static string Draw(RunHistory history, string folder)
    {
        var text = new StringBuilder(Markup.Of($"""
            {Shell.Open($"History of {history.Runs.Length} runs")}<header><h1>History of {history.Runs.Length} runs</h1>
            {Banner(history)}
            <p>Each row is compared with the same row of the latest earlier run that has it. ▲ and ▼ mark a difference that exceeds how far the row’s own trials scatter; where a row was run once, how far rows that hit the same service scatter around their common shift. A bar is the value’s own interval of 95 %; a hollow dot is a lower bound, since the load ended first.</p></header><main>
            <h2>What changed</h2><ul>
            {Changes(history)}</ul>
            <h2>Runs</h2>
            {Runs(history, folder)}
            <h2>Rows</h2>

            """).Value);
        foreach (var row in history.Lines.GroupBy(line => line.Row, StringComparer.Ordinal))
        {
            text.Append(Markup.Of($"<section class=\"row\" id=\"s-{row.Key}\"><h3>{row.Key}</h3>\n").Value);
            foreach (var line in row)
            {
                text.Append(HistoryStrip.Draw(history, line).Value);
            }

            text.Append(Fold("Numbers", Numbers(history, [.. row])).Value).Append("</section>\n");
        }

        return text.Append("</main></body></html>\n").ToString();
    }

    private static Markup Banner(RunHistory history)
    {
        var standIn = history.Runs.Count(run => run.StandIn);
        return standIn == 0 ? Markup.Empty
            : Markup.Of($"""<p class="banner"><strong>Stand-in results in {standIn} of {history.Runs.Length} runs.</strong> {SummaryText.StandInLine}</p>""");
    }

    private static Markup Changes(RunHistory history)
    {
        var changes = history.Changes.ToList();
        return changes.Count == 0
            ? new Markup("<li>Nothing by more than the data can tell from chance.</li>\n")
            : Markup.Join(changes.Select(change => Markup.Of(
                $"<li>{Link($"#s-{change.Line.Row}", change.Line.Row)}: {HistoryWriter.Sentence(history, change.Line, change.Point)}</li>\n")));
    }

    private static Markup Runs(RunHistory history, string folder) => Page.Sections.Tables.Draw(
        "Runs, oldest first", ["#", "Run", "Began (UTC)", "#Rows", "#Definitions", "*Left out"],
        history.Runs.Select((run, i) => new[]
        {
            Text($"{i + 1}"), RunLink(run, folder), Text(HistoryWriter.Day(run)),
            Text($"{history.Lines.Where(line => line.Points.Any(point => point.Run == i)).Select(line => line.Row).Distinct(StringComparer.Ordinal).Count()}"),
            Text(run.LeftOut is null ? $"{run.Definitions}" : "–"), Text(run.LeftOut ?? "–"),
        }));

    private static Markup RunLink(HistoryRun run, string folder)
    {
        var path = Path.Combine(run.Folder, "report.html");
        return File.Exists(path) ? Link(Words.Href(Path.GetRelativePath(folder, path).Replace('\\', '/')), run.Id) : Text(run.Id);
    }

    private static Markup Numbers(RunHistory history, HistoryLine[] lines)
    {
        var runs = lines.SelectMany(line => line.Points.Select(point => point.Run)).Distinct().Order().ToList();
        return Page.Sections.Tables.Draw(
            $"Values of {lines[0].Row}", ["Run", .. lines.Select(line => $"#{ComparisonText.Title(line.Measure)}")],
            runs.Select(run => (Markup[])
            [
                Text(history.Runs[run].Id),
                .. lines.Select(line => Text(line.Points.FirstOrDefault(point => point.Run == run) is { } point ? Value(line, point) : "–")),
            ]));
    }

    /// <summary>A value with its sign and its interval.</summary>
    public static string Value(HistoryLine line, HistoryPoint point)
    {
        string Of(double value) => ComparisonText.Value(line.Measure, value);
        var sign = point.Sign switch { > 0 => "▲ ", < 0 => "▼ ", _ => "" };
        var interval = point.Interval is { } known ? $" ({Of(known.Low)} to {Of(known.High)})" : "";
        return $"{sign}{(point.IsBound ? "over " : "")}{Of(point.Value)}{interval}";
    }
}

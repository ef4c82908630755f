using System.Globalization;
using FaultTolerance.Reports.Comparison;
using FaultTolerance.Results.History;

namespace FaultTolerance.Reports.History;

/// <summary>Writes a history as <c>history.html</c> and <c>history.csv</c>. The same runs give the same bytes.</summary>
internal static class HistoryWriter
{
    private static readonly string[] Columns =
        ["run", "started", "scenario", "measure", "value", "is_bound", "low", "high", "compared_with", "difference", "says"];

    /// <summary>Writes the files, each whole or not at all.</summary>
    /// <param name="history">The runs over time.</param>
    /// <param name="folder">Where to.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="FaultMatrixException">FT0712 where a file cannot be written.</exception>
    public static string WriteAll(RunHistory history, string folder)
    {
        ArgumentNullException.ThrowIfNull(history);
        var page = Path.Combine(folder, "history.html");
        AtomicFile.WriteText(page, HistoryPage.Draw(history, folder));
        CsvFile.Write(Path.Combine(folder, "history.csv"), Columns, csv =>
        {
            foreach (var (line, point) in history.Lines.SelectMany(line => line.Points.Select(point => (line, point))))
            {
                var run = history.Runs[point.Run];
                csv.WriteField(run.Id);
                csv.WriteField(CsvFile.Instant(run.StartedAt.UtcTicks));
                csv.WriteField(line.Row);
                csv.WriteField(line.Measure);
                csv.WriteNumber(point.Value);
                csv.WriteField(point.IsBound ? "true" : "false");
                csv.WriteNumber(point.Interval?.Low);
                csv.WriteNumber(point.Interval?.High);
                csv.WriteField(point.Compared is { } before ? history.Runs[before.Run].Id : "");
                csv.WriteNumber(point.Compared?.Delta.Difference);
                csv.WriteField(point.Compared is null ? "" : point.Sign switch { > 0 => "greater", < 0 => "less", _ => "cannot tell" });
                csv.EndRecord();
            }
        });
        return page;
    }

    /// <summary>A run's start as the page shows it.</summary>
    public static string Day(HistoryRun run) => run.StartedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A change in one sentence.</summary>
    public static string Sentence(RunHistory history, HistoryLine line, HistoryPoint point)
    {
        var (run, delta) = point.Compared!.Value;
        return $"{(point.Sign > 0 ? "▲" : "▼")} {ComparisonText.Title(line.Measure)} {ComparisonText.Older(delta)} in {history.Runs[run].Id}, "
            + $"{ComparisonText.Newer(delta)} in {history.Runs[point.Run].Id}: {ComparisonText.Sentence(delta)}";
    }
}

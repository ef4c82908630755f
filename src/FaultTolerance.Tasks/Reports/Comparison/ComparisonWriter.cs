using System.Text;
using FaultTolerance.Reports.Page;
using FaultTolerance.Reports.Page.Sections;
using FaultTolerance.Results.Comparison;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Comparison;

/// <summary>Writes a comparison as <c>compare-{older}.txt</c>, <c>.md</c>, <c>.csv</c> and <c>.html</c>. The same runs give the same bytes.</summary>
internal static class ComparisonWriter
{
    /// <summary>Writes the files, each whole or not at all.</summary>
    /// <param name="comparison">What is compared.</param>
    /// <param name="folder">Where to, as a rule the newer run's folder.</param>
    /// <returns>The text's path.</returns>
    /// <exception cref="FaultMatrixException">FT0712 where a file cannot be written.</exception>
    public static string WriteAll(RunComparison comparison, string folder)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var path = Path.Combine(folder, $"compare-{comparison.Older}");
        AtomicFile.WriteText($"{path}.txt", ComparisonText.Write(comparison, markdown: false));
        AtomicFile.WriteText($"{path}.md", ComparisonText.Write(comparison, markdown: true));
        AtomicFile.WriteText($"{path}.html", Page(comparison));
        Csv(comparison, $"{path}.csv");
        return $"{path}.txt";
    }

    private static void Csv(RunComparison comparison, string path) => CsvFile.Write(path, ["scenario", "measure", "older", "older_is_bound", "newer", "newer_is_bound", "difference", "low", "high", "says"], csv =>
    {
        foreach (var (row, delta) in comparison.Rows.SelectMany(row => row.Deltas.Select(delta => (row.Scenario, delta))))
        {
            csv.WriteField(row);
            csv.WriteField(delta.Measure);
            csv.WriteNumber(delta.Older);
            csv.WriteField(delta.OlderIsBound ? "true" : "false");
            csv.WriteNumber(delta.Newer);
            csv.WriteField(delta.NewerIsBound ? "true" : "false");
            foreach (var number in new[] { delta.Difference, delta.Low, delta.High })
            {
                csv.WriteNumber(number);
            }

            csv.WriteField(delta.Sign switch { > 0 => "greater", < 0 => "less", _ => "cannot tell" });
            csv.EndRecord();
        }
    });

    private static string Page(RunComparison comparison)
    {
        var overall = Markup.Join(comparison.Overall.Select(one => Markup.Of($"<li>{ComparisonText.Overall(one)}</li>\n")));
        var text = new StringBuilder(Markup.Of($"""
            {Shell.Open($"{comparison.Newer} against {comparison.Older}")}<header><h1>Run {comparison.Newer} against {comparison.Older}</h1>
            {new Markup(comparison.StandIn ? $"<p class=\"banner\"><strong>Stand-in results.</strong> {SummaryText.StandInLine}</p>" : "")}
            <p>A difference is called one where it exceeds how far the row’s own trials scatter; where a row was run once, how far rows that hit the same service scatter around their common shift. ▲ and ▼ mark these.</p></header><main>
            <h2>Over all rows</h2><ul>
            {(overall.IsEmpty ? new Markup("<li>Too few rows can be compared to say anything of the whole.</li>") : overall)}</ul>
            <h2>Rows that differ</h2><ul>
            {Differing(comparison)}</ul>

            """).Value);
        foreach (var row in comparison.Rows)
        {
            text.Append(Markup.Of($"<section class=\"row\" id=\"s-{row.Scenario}\"><h3>{row.Scenario}</h3>\n").Value)
                .Append(row.Missing is { } missing ? Markup.Of($"<p>Cannot be compared: {missing}.</p>\n").Value : Rows(row).Value)
                .Append("</section>\n");
        }

        return text.Append("</main></body></html>\n").ToString();
    }

    private static Markup Differing(RunComparison comparison)
    {
        var rows = comparison.Rows.Where(row => row.Deltas.Any(delta => delta.Sign != 0)).ToList();
        return rows.Count == 0
            ? new Markup("<li>None by more than the data can tell from chance.</li>\n")
            : Markup.Join(rows.Select(row => Markup.Of($"""
                <li>{Link($"#s-{row.Scenario}", row.Scenario)}: {string.Join("; ", row.Deltas.Where(delta => delta.Sign != 0).Select(delta => $"{(delta.Sign > 0 ? "▲" : "▼")} {ComparisonText.Title(delta.Measure)} {ComparisonText.Older(delta)}, now {ComparisonText.Newer(delta)}"))}</li>

                """)));
    }

    private static Markup Rows(RowComparison row) => Tables.Draw($"Differences of {row.Scenario}", ["Measure", "#Older", "#Newer", "*Difference"], row.Deltas.Select(delta => new[]
    {
        Text($"{delta.Sign switch { > 0 => "▲ ", < 0 => "▼ ", _ => "" }}{ComparisonText.Title(delta.Measure)}"), Text(ComparisonText.Older(delta)),
        Text(ComparisonText.Newer(delta)), Text(ComparisonText.Sentence(delta)),
    }));
}

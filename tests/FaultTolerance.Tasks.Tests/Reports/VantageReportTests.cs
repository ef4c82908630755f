using System.Text.Json;
using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Tests.Results;
using FaultTolerance.Tests.Results.Vantages;

namespace FaultTolerance.Tests.Reports;

/// <summary>The files of a run with a row from both vantage points, and of one without.</summary>
public sealed class VantageReportTests
{
    [Fact]
    public void SummaryText_has_three_lines_of_the_row()
    {
        var text = SummaryText.Write(Run(VantageTests.FromHere(back: 16)));

        Assert.Contains(VantageTable.Title, text, StringComparison.Ordinal);
        var lines = text.Split('\n');
        var cells = lines.SkipWhile(line => line != VantageTable.Title).Where(line => line.StartsWith('│'))
            .Select(line => line.Split('│', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        string[] Line(string from) => cells.Single(line => line.Length > 2 && line[1] == from);
        Assert.Equal(["frontend", "cluster", "100.0", "80.1", "0.083", "0.086", "0.083", "0.086"], Line("cluster")[..8]);
        Assert.Equal(["100.0", "70.0", "0.283", "0.286", "0.283", "0.286", "N/A"], Line("here")[2..9]);
        Assert.Equal(["0.0", "-10.1", "+0.200"], Line("difference")[2..5]);
        Assert.Equal(["4.000", "0"], Line("cluster")[^2..]);
        Assert.Equal(["6.000", "0"], Line("here")[^2..]);
        Assert.Equal(["+2.000", "0"], Line("difference")[^2..]);
        Assert.Contains(VantageTable.Title, SummaryMarkdown.Write(Run(VantageTests.FromHere())), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteAll_row_of_both_has_its_figures_in_each_file()
    {
        using var folder = new ArtefactFolder();

        var files = ReportWriter.WriteAll(Run(VantageTests.FromHere(back: 16)), folder.Path, FaultKinds.Standard.Words);

        Assert.Contains(Path.Combine(folder.Path, VantageCsv.FileName), files);
        var csv = File.ReadAllLines(Path.Combine(folder.Path, VantageCsv.FileName));
        Assert.Equal("scenario,trial,part,measure,unit,cluster,cluster_is,here,here_is,difference", csv[0]);
        Assert.Equal(1 + 6 + 6 + 3, csv.Length);
        Assert.Contains("agg-tp-1-dp-1-frontend,1,whole,outage,Seconds,4,Value,6,Value,2", csv);
        Assert.Contains("agg-tp-1-dp-1-frontend,1,before,ttft_p50,Seconds,,Unknown,,Unknown,", csv);
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "summary.json")));
        var outage = summary.RootElement.GetProperty("scenarios")[0].GetProperty("vantage").GetProperty("whole").GetProperty("outage");
        Assert.Equal(
            (4, 6, 2),
            (outage.GetProperty("cluster").GetProperty("value").GetDouble(), outage.GetProperty("here").GetProperty("value").GetDouble(),
                outage.GetProperty("difference").GetDouble()));
        var page = File.ReadAllText(Path.Combine(folder.Path, "report.html"));
        Assert.Contains("Both vantage points", page, StringComparison.Ordinal);
        Assert.Contains("-10.1 points", page, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteAll_rows_of_one_place_have_no_such_file_table_or_key()
    {
        using var folder = new ArtefactFolder();
        File.WriteAllText(Path.Combine(folder.Path, VantageCsv.FileName), "of an earlier parse");

        ReportWriter.WriteAll(Run(probe: null), folder.Path, FaultKinds.Standard.Words);

        Assert.False(File.Exists(Path.Combine(folder.Path, VantageCsv.FileName)));
        Assert.DoesNotContain("vantage", File.ReadAllText(Path.Combine(folder.Path, "summary.json")), StringComparison.Ordinal);
        Assert.DoesNotContain("antage", File.ReadAllText(Path.Combine(folder.Path, "summary.txt")), StringComparison.Ordinal);
        Assert.DoesNotContain("antage", File.ReadAllText(Path.Combine(folder.Path, "report.html")), StringComparison.Ordinal);
    }

    private static RunResult Run(string[]? probe) =>
        SyntheticRun.Parse() with { Scenarios = [VantageTests.Parse(probe)] };
}

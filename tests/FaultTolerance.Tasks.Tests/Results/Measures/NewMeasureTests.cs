using System.Text.Json.Nodes;
using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Measures;
using FaultTolerance.Reports.Page;

namespace FaultTolerance.Tests.Results.Measures;

/// <summary>A new measure is one class and one line: it then stands in table, CSV, JSON, page, schema and checks.</summary>
public sealed class NewMeasureTests
{
    private static readonly MeasureCatalog Catalog = MeasureCatalog.Default with
    {
        Recovery = MeasureCatalog.Default.Recovery.Add(new SecondFailure()),
    };

    [Fact]
    public void Measure_that_is_new_stands_wherever_measures_do()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, "agg-tp-1-dp-1-frontend");
        var run = RunParser.Parse(folder.Path, new ParseOptions { Measures = Catalog }, TestContext.Current.CancellationToken);

        ReportWriter.WriteAll(run, folder.Path, FaultKinds.Standard.Words);

        var csv = File.ReadAllLines(Path.Combine(folder.Path, "summary.csv"));
        var at = Array.IndexOf(csv[0].Split(','), "second_failure_seconds");
        Assert.Equal(0.22, double.Parse(csv[1].Split(',')[at], System.Globalization.CultureInfo.InvariantCulture), 3);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "summary.json")))!;
        Assert.Equal("Value", (string?)json["scenarios"]![0]!["recovery"]!["second_failure"]!["is"]);
        Assert.Contains("end of the second request that failed", PageWriter.Text(run, FaultKinds.Standard.Words), StringComparison.Ordinal);
        Assert.Contains(
            "0.22",
            SummaryText.Write(run, SummaryColumns.Find(["second-failure"], Catalog), TableFormat.Pipe),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "second_failure",
            CheckCatalog.Of(Catalog).Vocabulary.Checks.Single(check => check.Key == "recoveryAtMost").Schema.ToJsonString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void All_have_ids_of_their_own_and_words()
    {
        Assert.Distinct(MeasureCatalog.Default.All.Select(measure => measure.Id));
        Assert.All(MeasureCatalog.Default.All, measure => Assert.Matches("^[a-z0-9_]+$", measure.Id));
        Assert.All(MeasureCatalog.Default.All, measure => Assert.All([measure.Header, measure.Title, measure.Legend], Assert.NotEmpty));
        Assert.All(MeasureCatalog.Default.All, measure => Assert.False(measure.Legend.EndsWith('.')));
    }

    [Theory]
    [InlineData("latency_before", "latency-before", "latency_before_seconds", "latencyBefore")]
    [InlineData("area_requests", "area-requests", "area_requests", "areaRequests")]
    public void Names_follow_from_the_id_and_the_unit(string id, string column, string csv, string json)
    {
        var measure = MeasureCatalog.Default.Find(id)!;

        Assert.Equal((column, csv, json), (measure.Column(), measure.Csv(), measure.Json()));
    }
}

using FaultTolerance.Faults;
using FaultTolerance.Reports.Page;
using FaultTolerance.Reports.Page.Figure;

namespace FaultTolerance.Tests.Results;

public sealed class MetricsReaderTests
{
    private const string Row = "agg-tp-1-dp-1-frontend";
    private const string Running = "vllm:num_requests_running{model_name=\\\"m\\\"}";

    [Fact]
    public void Parse_reads_what_a_series_was_and_when_its_pod_did_not_answer()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Row);
        folder.Write(
            Row,
            "Decode/p.metrics.jsonl",
            SyntheticRun.Metrics(1, 3, Running),
            $$"""{"at":"{{ArtefactFolder.Utc(2)}}","error":"refused"}""",
            "{\"at\":\"no time\"}",
            SyntheticRun.Metrics(3, 5, Running),
            "{\"at\":"
        );

        var row = folder.Parse().Scenarios[0];

        var pod = Assert.Single(row.Metrics);
        Assert.Equal(("Decode", "p"), (pod.Service, pod.Pod));
        Assert.Equal([true, false, true], pod.Polls.Select(poll => poll.Answered));
        var series = Assert.Single(pod.Series);
        Assert.Equal("vllm:num_requests_running{model_name=\"m\"}", series.Key);
        Assert.Equal([(3.0, 1), (5.0, 4)], series.Value.Select(change => (change.Value, change.Line)));
        Assert.Equal(
            [3, 5],
            row.Diagnostics.Where(finding => finding.File!.EndsWith(".jsonl", StringComparison.Ordinal) && finding.Code == "FT0803")
                .Select(finding => finding.Line)
        );
    }

    [Fact]
    public void Of_sums_over_pods_and_breaks_where_none_answers()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Row);
        folder.Write(
            Row,
            "Decode/a.metrics.jsonl",
            SyntheticRun.Metrics(1, 3, Running),
            $$"""{"at":"{{ArtefactFolder.Utc(3)}}","error":"refused"}""",
            SyntheticRun.Metrics(5, 1, Running)
        );
        folder.Write(
            Row,
            "Decode/b.metrics.jsonl",
            SyntheticRun.Metrics(2, 4, Running),
            $$"""{"at":"{{ArtefactFolder.Utc(4)}}","error":"refused"}"""
        );

        var line = Assert.Single(MetricLine.Of(folder.Parse().Scenarios[0]));

        Assert.Equal("running", line.Metric.Key);
        Assert.Equal([3, 7, 4, null, 1], line.Steps.Select(step => step.Value));
    }

    [Fact]
    public void Of_a_counter_shows_its_growth_and_takes_nothing_back_when_a_pod_starts_anew()
    {
        const string Migrated = "dynamo_frontend_model_migration_total";
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Row);
        folder.Write(
            Row,
            "Frontend/a.metrics.jsonl",
            SyntheticRun.Metrics(1, 10, Migrated),
            SyntheticRun.Metrics(2, 12, Migrated),
            SyntheticRun.Metrics(3, 0, Migrated)
        );

        var line = Assert.Single(MetricLine.Of(folder.Parse().Scenarios[0]));

        Assert.Equal([0, 2], line.Steps.Select(step => step.Value));
    }

    [Fact]
    public void Text_shows_metrics_with_the_lines_they_stand_in_and_is_silent_without()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Row);
        Assert.DoesNotContain("said by the pods", PageWriter.Text(folder.Parse(), FaultKinds.Standard.Words), StringComparison.Ordinal);
        folder.Write(
            Row,
            "Decode/g-x-a.metrics.jsonl",
            SyntheticRun.Metrics(1, 3, Running),
            SyntheticRun.Metrics(12, 6, Running),
            SyntheticRun.Metrics(20, 2, Running)
        );

        var page = PageWriter.Text(folder.Parse(), FaultKinds.Standard.Words);

        Assert.Contains("said by the pods", page, StringComparison.Ordinal);
        Assert.Contains("running in engines", page, StringComparison.Ordinal);
        Assert.Contains("6 <span class=\"soft\">line 2</span>", page, StringComparison.Ordinal);
        Assert.Contains("/Decode/g-x-a.metrics.jsonl\">Decode a</a>", page, StringComparison.Ordinal);
    }
}

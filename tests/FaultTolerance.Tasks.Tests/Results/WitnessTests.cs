using System.Globalization;
using FaultTolerance.Results;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

/// <summary>Rows in which somebody else took part: by the processes' own counts, and by what was deleted.</summary>
public sealed class WitnessTests
{
    private const string Scenario = "agg-tp-1-dp-1-none";
    private const int Seconds = 30;
    private const int Rate = 10;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 0.97)]
    public void Row_whose_processes_counted_what_its_clients_sent_is_a_baseline(double frontends, double workers) =>
        Assert.Equal(RowState.Baseline, Row(frontends, workers).State);

    [Theory]
    [InlineData(1, 0.5, "workers of another graph")]
    [InlineData(1, 0, "workers of another graph")]
    [InlineData(1, 1.5, "the workers of VllmDecodeWorker counted")]
    [InlineData(1.4, 1, "the frontends of Frontend counted")]
    public void Row_in_which_others_took_part_is_invalid_and_says_who(double frontends, double workers, string why)
    {
        var row = Row(frontends, workers);
        Assert.Equal(RowState.Invalid, row.State);
        Assert.Contains(row.Notes, note =>
            note.StartsWith("FT0831", StringComparison.Ordinal) && note.Contains(why, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Row_whose_worker_was_restarted_loses_no_more_than_its_last_counts()
    {
        var row = Row(1, 1, restartAt: 12);
        Assert.Equal(RowState.Baseline, row.State);
    }

    [Fact]
    public void Row_without_counters_is_not_judged() => Assert.Equal(RowState.Baseline, Row(null, null).State);

    [Theory]
    [InlineData(
        """{"event":"error","code":"FT0412","message":"DynamoGraphDeployment 'x' was deleted by somebody else while the run went on"}""",
        "DynamoGraphDeployment 'x'"
    )]
    [InlineData(
        """{"event":"pod","service":"Frontend","pod":"x-frontend-1","uid":"u1","change":"terminating","restarts":0}""",
        "pod x-frontend-1 of Frontend"
    )]
    public void Row_in_which_somebody_deleted_something_is_invalid(string line, string what)
    {
        var row = Row(1, 1, more: line.Replace("{\"event\"", $"{{\"at\":\"{Utc(10)}\",\"event\"", StringComparison.Ordinal));
        Assert.Equal(RowState.Invalid, row.State);
        Assert.Contains(row.Notes, note =>
            note.StartsWith("FT0830", StringComparison.Ordinal) && note.Contains(what, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_is_deleted_after_the_load_is_the_teardowns() =>
        Assert.Equal(
            RowState.Baseline,
            Row(
                1,
                1,
                more: $$"""{"at":"{{Utc(Seconds + 1)}}","event":"pod","service":"Frontend","pod":"a","uid":"u1","change":"terminating","restarts":0}"""
            ).State
        );

    [Fact]
    public void What_the_fault_itself_deletes_is_no_interference()
    {
        var run = SyntheticRun.Parse(
            more: $$"""{"at":"{{Utc(11)}}","event":"pod","service":"Frontend","pod":"g-frontend-x1","uid":"u1","change":"terminating","restarts":0}"""
        );
        Assert.Equal(RowState.Measured, run.Scenarios[0].State);
    }

    private static ScenarioResult Row(double? frontends, double? workers, double? restartAt = null, string more = "")
    {
        using var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: null, ready: 1);
        var count = Seconds * Rate;
        folder.Write(Scenario, "client_0.log.txt", Enumerable.Range(0, count).Select(i => Line(i, i / (double)Rate, 0.05, "Ok")));
        folder.Write(
            Scenario, "timeline.jsonl",
            $$"""{"at":"{{Utc(0)}}","event":"load.started","clients":1,"planned":{{count}}}""",
            more,
            $$"""{"at":"{{Utc(Seconds)}}","event":"load.health","valid":true,"reasons":[]}""",
            $$"""{"at":"{{Utc(Seconds)}}","event":"load.ended","planned":{{count}},"sent":{{count}},"notSent":0}""");
        if (frontends is { } f && workers is { } w)
        {
            folder.Write(
                Scenario,
                "Frontend/a.metrics.jsonl",
                Enumerable
                    .Range(0, Seconds)
                    .Select(s => Sample(s, """dynamo_frontend_requests_total{model=\"m\"}""", 1000 + (s * Rate * f)))
            );
            folder.Write(
                Scenario,
                "VllmDecodeWorker/b.metrics.jsonl",
                Enumerable
                    .Range(0, Seconds)
                    .Select(s =>
                        Sample(
                            s,
                            """dynamo_component_requests_total{dynamo_endpoint=\"generate\"}""",
                            restartAt is { } at && s >= at ? (s - at) * Rate * w : s * Rate * w
                        )
                    )
            );
        }

        return Assert.Single(folder.Parse().Scenarios);
    }

    private static string Sample(int second, string series, double value) => string.Create(
        CultureInfo.InvariantCulture, $$$"""{"at":"{{{Utc(second)}}}","took":0.01,"samples":{"{{{series}}}":{{{Math.Floor(value)}}}}}""");
}

using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

/// <summary>A row that somebody else disturbed, and a baseline that fails by itself: neither is a result.</summary>
public sealed class DisturbedRowTests
{
    private const string Scenario = "agg-tp-1-dp-1-none";
    private const int Requests = 100;

    [Theory]
    [InlineData(0, RowState.Baseline)]
    [InlineData(5, RowState.Baseline)]
    [InlineData(6, RowState.Invalid)]
    [InlineData(Requests, RowState.Invalid)]
    internal void Baseline_in_which_more_than_a_small_share_fails_is_none(int failed, RowState expected)
    {
        var row = Row(failed);

        Assert.Equal(expected, row.State);
        Assert.Equal(
            expected == RowState.Invalid,
            row.Notes.Any(note => note == $"{failed} of {Requests} requests failed though there was no fault: this is no baseline")
        );
    }

    [Fact]
    public void Baseline_that_fails_never_passes()
    {
        using var folder = new ArtefactFolder();
        Write(folder, Requests);
        File.WriteAllText(
            Path.Combine(folder.Path, CheckFile.Name),
            $$"""{"{{Scenario}}":[{"kind":"generatorHealthy"},{"kind":"successAfterAtLeast","atLeast":0}]}"""
        );

        var run = RunJudge.Judge(folder.Parse());

        Assert.False(run.IsSound);
        Assert.NotEqual(CheckOutcome.Pass, run.Verdict.Overall);
    }

    [Fact]
    public void Pod_that_was_evicted_is_told_with_when_and_by_whom()
    {
        var row = Row(
            failed: 0,
            $$"""{"at":"{{Utc(5)}}","event":"pod","service":"Frontend","pod":"x-1","uid":"u1","change":"terminating","restarts":0,"reason":"EvictionByEvictionAPI"}"""
        );

        Assert.Equal(RowState.Invalid, row.State);
        Assert.Contains(row.Notes, note =>
            note.EndsWith(
                "pod x-1 of Frontend was deleted by somebody else during the load (terminating at 03:04:10.000Z, EvictionByEvictionAPI)",
                StringComparison.Ordinal
            )
        );
    }

    [Fact]
    public void Graph_that_went_between_ready_and_the_load_is_told_too()
    {
        var row = Row(
            failed: 0,
            $$"""{"at":"{{Utc(-2)}}","event":"deployment.ready","name":"x"}""",
            $$"""{"at":"{{Utc(-1)}}","event":"error","code":"FT0412","message":"Deployment 'x' was deleted by somebody else while the run went on: namespace 'ft' is being removed"}"""
        );

        Assert.Equal(RowState.Invalid, row.State);
        Assert.Contains(row.Notes, note => note.Contains("namespace 'ft' is being removed", StringComparison.Ordinal));
    }

    private static ScenarioResult Row(int failed, params string[] more)
    {
        using var folder = new ArtefactFolder();
        Write(folder, failed, more);
        return Assert.Single(folder.Parse().Scenarios);
    }

    private static void Write(ArtefactFolder folder, int failed, params string[] more)
    {
        folder.TestLog(Scenario, fault: null, ready: 1);
        folder.Write(
            Scenario,
            "client_0.log.txt",
            Enumerable.Range(0, Requests).Select(i => Line(i, i / 10.0, 0.05, i < failed ? "Refused" : "Ok"))
        );
        folder.Write(
            Scenario,
            "timeline.jsonl",
            [
                .. more,
                $$"""{"at":"{{Utc(0)}}","event":"load.started","clients":1,"planned":{{Requests}}}""",
                $$"""{"at":"{{Utc(10)}}","event":"load.health","valid":true,"reasons":[]}""",
                $$"""{"at":"{{Utc(10)}}","event":"load.ended","planned":{{Requests}},"sent":{{Requests}},"notSent":0}""",
            ]
        );
    }
}

using FaultTolerance.Results;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

/// <summary>Rows in which somebody else deleted something.</summary>
public sealed class InterferenceTests
{
    private const string Scenario = "agg-tp-1-dp-1-none";
    private const int Seconds = 30;

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
        var row = Row(line.Replace("{\"event\"", $"{{\"at\":\"{Utc(10)}\",\"event\"", StringComparison.Ordinal));
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
                $$"""{"at":"{{Utc(Seconds + 1)}}","event":"pod","service":"Frontend","pod":"a","uid":"u1","change":"terminating","restarts":0}"""
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

    // The operator replaces all workers where one worker's spec changes, since old and new ones must not be mixed.
    [Theory]
    [InlineData("r1", "r2", "p1", "Measured")]
    [InlineData("r1", "r2", "p2", "Measured")]
    [InlineData("r1", "r1", "p1", "Invalid")]
    [InlineData("", "", "p1", "Invalid")]
    public void Pods_of_other_services_are_the_faults_own_where_it_gave_their_service_a_new_revision(
        string before, string after, string gone, string state)
    {
        var run = SyntheticRun.Parse(
            more: string.Join('\n',
                $$"""{"at":"{{Utc(0)}}","event":"deployment.created","name":"g"}""",
                $$"""{"at":"{{Utc(10.5)}}","event":"fault.issued","id":"2","kind":"rollingRestart","service":"decode","target":"g"}""",
                $$"""{"at":"{{Utc(10.6)}}","event":"fault.landed","id":"2","kind":"rollingRestart","service":"decode","target":"g","proof":"new"}""",
                $$"""{"at":"{{Utc(0)}}","event":"pod","service":"prefill","pod":"p1","uid":"p1","change":"added","revision":"{{before}}"}""",
                $$"""{"at":"{{Utc(11)}}","event":"pod","service":"prefill","pod":"p2","uid":"p2","change":"added","revision":"{{after}}"}""",
                $$"""{"at":"{{Utc(12)}}","event":"pod","service":"prefill","pod":"{{gone}}","uid":"{{gone}}","change":"terminating"}"""));
        Assert.Equal(state, run.Scenarios[0].State.ToString());
    }

    private static ScenarioResult Row(string more)
    {
        using var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: null, ready: 1);
        folder.Write(Scenario, "client_0.log.txt", Enumerable.Range(0, Seconds).Select(i => Line(i, i, 0.05, "Ok")));
        folder.Write(
            Scenario, "timeline.jsonl",
            $$"""{"at":"{{Utc(0)}}","event":"load.started","clients":1,"planned":{{Seconds}}}""",
            more,
            $$"""{"at":"{{Utc(Seconds)}}","event":"load.health","valid":true,"reasons":[]}""",
            $$"""{"at":"{{Utc(Seconds)}}","event":"load.ended","planned":{{Seconds}},"sent":{{Seconds}},"notSent":0}""");
        return Assert.Single(folder.Parse().Scenarios);
    }
}

using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

public sealed class SaturatedMachineTests
{
    [Fact]
    public void Check_rows_on_a_machine_without_a_processor_left_says_how_late_they_were()
    {
        using var folder = new ArtefactFolder();
        Row(folder, "agg-1-none", busy: 0.97, waited: 0.9, lag: 0.031, pool: 0.012);
        Row(folder, "agg-1-frontend", busy: 0.93, waited: 0.8, lag: 0.029, pool: 0.01);
        Row(folder, "agg-1-decode", busy: 0.4, waited: 0.3, lag: 0.002, pool: 0.001);

        var finding = Assert.Single(folder.Parse().Diagnostics, finding => finding.Code == "FT0835");

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Equal(
            "the machine was saturated in 2 of 3 rows: its processors were used to 95 % and some thread waited for one in 85 % of the time "
            + "(medians). What was due there came late: requests 30.0 ms, work for a thread 11.0 ms (p99), in the other rows requests "
            + "2.0 ms, work for a thread 1.0 ms (p99). Times of these rows are as much too long; run fewer rows at a time (--parallelism)",
            finding.Message);
    }

    [Fact]
    public void Check_load_alone_is_not_told_to_run_fewer_rows()
    {
        using var folder = new ArtefactFolder();
        Row(folder, "url-none", busy: 0.97, waited: 0.9, lag: 0.031, pool: 0.012);

        Assert.Equal(
            "the machine was saturated in 1 of 1 row: its processors were used to 97 % and some thread waited for one in 90 % of the time "
            + "(medians). What was due there came late: requests 31.0 ms, work for a thread 12.0 ms (p99). Times of this row are as much "
            + "too long; ask for less, or take a machine with more processors",
            Assert.Single(folder.Parse().Diagnostics, finding => finding.Code == "FT0835").Message);
    }

    [Theory]
    [InlineData(0.97, 0.4)] // One thread on each processor: used up, and nothing waits.
    [InlineData(0.8, 0.9)] // Threads that all wake at once wait for each other now and then.
    [InlineData(null, 0.9)]
    [InlineData(0.97, null)]
    public void Check_machine_with_something_left_or_that_does_not_tell_says_nothing(double? busy, double? waited)
    {
        using var folder = new ArtefactFolder();
        Row(folder, "agg-1-none", busy, waited, 0.03, 0.01);

        Assert.DoesNotContain(folder.Parse().Diagnostics, finding => finding.Code == "FT0835");
    }

    private static void Row(ArtefactFolder folder, string scenario, double? busy, double? waited, double lag, double pool)
    {
        static string Key(string key, double? value) => value is { } number ? FormattableString.Invariant($"\"{key}\":{number},") : "";
        var keys = Key("machineBusy", busy) + Key("machineWaited", waited) + Key("sendLagP99", lag) + Key("poolDelayP99", pool);
        folder.TestLog(scenario, fault: null, ready: 1);
        folder.Write(scenario, "client_0.log.txt", Line(0, 5, 1, "Ok"));
        folder.Write(
            scenario, "timeline.jsonl",
            $$"""{"at":"{{Utc(4)}}","event":"load.started","clients":1,"planned":1}""",
            $$"""{"at":"{{Utc(30)}}","event":"load.health",{{keys}}"valid":true,"reasons":[]}""");
    }
}

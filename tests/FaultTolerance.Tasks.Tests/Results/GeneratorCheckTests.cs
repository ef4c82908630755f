using FaultTolerance.Faults;
using FaultTolerance.Artefacts;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

/// <summary>What the timeline tells of the load itself: its health, its warm-up, what it had in flight at the fault.</summary>
public sealed class GeneratorCheckTests
{
    private const string Scenario = "agg-tp-1-dp-1-decode_worker";

    [Theory]
    [InlineData("""true,"reasons":[]""", RowState.Measured)]
    [InlineData("""false,"reasons":["send lag p99 0.3 s is over 0.05 s"]""", RowState.Invalid)]
    [InlineData("false", RowState.Invalid)]
    [InlineData("""false,"reasons":"what"  """, RowState.Invalid)]
    internal void Parse_marks_a_row_whose_generator_was_beyond_its_limits(string validAndReasons, RowState expected)
    {
        using var folder = Folder(
            $$"""{"at":"{{Utc(30)}}","event":"load.health","sendLagP99":0.3,"cpuShare":0.5,"valid":{{validAndReasons}}}"""
        );

        var row = folder.Parse().Scenarios.Single();

        Assert.Equal(expected, row.State);
        Assert.Equal((0.3, 0.5, null), (row.Generator!["sendLagP99"], row.Generator["cpuShare"], row.Generator["floorP50"]));
        Assert.Equal(
            expected == RowState.Invalid,
            row.Notes.Any(note => note.Contains("the load generator cannot be trusted here", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Reports_show_the_generator_and_what_was_in_flight()
    {
        using var folder = Folder($$"""{"at":"{{Utc(30)}}","event":"load.health","sendLagP99":0.3,"valid":true,"reasons":[]}""");

        ReportWriter.WriteAll(folder.Parse(), folder.Path, FaultKinds.Standard.Words);

        var csv = File.ReadAllLines(Path.Combine(folder.Path, "summary.csv"));
        var values = csv[0].Split(',').Zip(csv[1].Split(',')).ToDictionary(pair => pair.First, pair => pair.Second);
        Assert.Equal(("0.3", ""), (values["generator_send_lag_p99"], values["generator_floor_p50"]));
        Assert.Equal(("Ok 5; ResetBeforeHeaders 1", "0"), (values["became"], values["shed"]));
        Assert.Equal("client 0 request 4 failed", values["first_error_event"]);
        Assert.Equal(
            ("2", "1", "Ok 1; ResetBeforeHeaders 1"),
            (values["in_flight_at_fault"], values["in_flight_succeeded"], values["in_flight_became"])
        );
        var json = File.ReadAllText(Path.Combine(folder.Path, "summary.json"));
        Assert.Contains("\"sendLagP99\": 0.3", json, StringComparison.Ordinal);
        Assert.Contains("\"inFlightAtFault\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_tells_what_became_of_the_requests_in_flight_at_the_fault()
    {
        using var folder = Folder();

        Assert.Equal([(Outcome.Ok, 1L), (Outcome.ResetBeforeHeaders, 1L)], folder.Parse().Scenarios.Single().Damage!.InFlight);
    }

    [Theory]
    [InlineData(",\"outputTokens\":100", "", 100)]
    [InlineData("", ", \"asked\": {\"outputTokens\": 70, \"line\": 3}", 70)]
    [InlineData("", "", null)]
    public void Parse_counts_the_tokens_that_lost_requests_asked_for(string all, string one, int? lost)
    {
        using var folder = Folder(started: all, asked: one);

        var damage = folder.Parse().Scenarios.Single().Damage!;

        Assert.Equal((1L, (long?)lost), (damage.LostRequests, damage.LostTokens));
    }

    [Theory]
    [InlineData(0, 3, 5)]
    [InlineData(2, 2, 1)]
    public void Parse_leaves_the_warm_up_out_of_the_statistics(double warmUp, int counted, double greatest)
    {
        using var folder = Folder(warmUp: warmUp);

        var row = folder.Parse().Scenarios.Single();

        Assert.Equal((counted, greatest), ((int)row.Damage!.Before.Count, row.Damage.Before.Latency!.Max));
        // The reference suite knows no warm-up: its columns count everything.
        Assert.Equal(3, row.Row.SuccessBefore);
    }

    [Fact]
    public void Parse_takes_what_a_load_planned_on_its_way()
    {
        using var folder = Folder($$"""{"at":"{{Utc(30)}}","event":"load.ended","planned":6,"sent":6,"notSent":0}""", planned: 4);

        var row = folder.Parse().Scenarios.Single();

        Assert.Equal((RowState.Measured, 6L), (row.State, row.Books.Planned));
    }

    // Three answered before the fault at 20 (the first is slow, as first ones are), two in flight at it, one after.
    private static ArtefactFolder Folder(string? more = null, double warmUp = 0, int planned = 6, string started = "", string asked = "")
    {
        var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: 20, ready: 1);
        folder.Write(
            Scenario,
            "client_0.log.txt",
            Line(0, 5, 5, "Ok"),
            Line(1, 11, 1, "Ok"),
            Line(2, 13, 1, "Ok"),
            Line(3, 19.5, 1, "Ok"),
            Line(4, 19.6, 0.45, "ResetBeforeHeaders")[..^1] + asked + "}",
            Line(5, 21, 1, "Ok")
        );
        folder.Write(Scenario, "Frontend/p.log", "");
        folder.Write(Scenario, "timeline.jsonl",
        [
            $$"""{"at":"{{Utc(4)}}","event":"load.started","clients":1,"planned":{{planned}},"warmUp":{{(int)warmUp}}{{started}}}""",
            $$"""{"at":"{{Utc(5)}}","event":"load.first_request"}""",
            $$"""{"at":"{{Utc(20)}}","event":"fault.issued","id":"1"}""",
            $$"""{"at":"{{Utc(20.1)}}","event":"fault.landed","id":"1","proof":"gone"}""",
            .. more is null ? Array.Empty<string>() : [more],
        ]);
        return folder;
    }
}

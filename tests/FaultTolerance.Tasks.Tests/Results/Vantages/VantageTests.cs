using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Vantages;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results.Vantages;

/// <summary>
/// Rows with ten requests a second of the load, answered in some 83 ms, and two a second from here, in 283 ms: between 10 s and 14 s both
/// fail.
/// </summary>
public sealed class VantageTests
{
    private const string Name = "agg-tp-1-dp-1-frontend";
    private const double Slower = 0.2;

    [Fact]
    public void Row_of_one_place_has_none() => Assert.Null(Parse(probe: null).Vantage);

    [Fact]
    public void Row_of_both_stands_on_its_own_clients_alone()
    {
        var (alone, both) = (Parse(probe: null), Parse(FromHere()));

        Assert.Equal(RowState.Measured, both.State);
        Assert.Equal((alone.Row, alone.Books.Sent, alone.Notes.Length), (both.Row, both.Books.Sent, both.Notes.Length));
        Assert.Equal(alone.Recovered(Outage.Key), both.Recovered(Outage.Key));
        Assert.Equal(alone.Attempts.Length, both.Attempts.Length);
    }

    [Fact]
    public void Figures_before_the_fault_are_of_both_and_their_difference()
    {
        var vantage = Parse(FromHere()).Vantage!;

        Is(vantage, "before", "requests", 99, 20, -79);
        Is(vantage, "before", "success", 1, 1, 0);
        Is(vantage, "before", "latency_p50", 0.083, 0.283, Slower);
        Is(vantage, "before", "latency_p99", 0.086, 0.286, Slower);
        Assert.Equal(MeasuredKind.Unknown, vantage.Find("before", "ttft_p50")!.Here.Kind);
        Assert.Null(vantage.Find("before", "ttft_p50")!.Difference);
    }

    [Fact]
    public void Figures_after_the_fault_have_what_was_under_way_and_what_came_later()
    {
        var vantage = Parse(FromHere()).Vantage!;

        // 40 of 201 and 8 of 40 failed.
        Is(vantage, "after", "success", 161.0 / 201, 0.8, 0.8 - (161.0 / 201));
        Is(vantage, "after", "latency_p50", 0.083, 0.283, Slower);
    }

    [Fact]
    public void Figures_outage_is_by_the_rows_own_rules()
    {
        var vantage = Parse(FromHere(back: 16)).Vantage!;

        Is(vantage, "whole", Outage.Key, 4, 6, 2);
    }

    [Fact]
    public void Figures_no_outage_from_here_differs_by_all_of_the_clusters()
    {
        var vantage = Parse(FromHere(back: 10)).Vantage!;

        Assert.Equal(MeasuredKind.NotNeeded, vantage.Find("whole", Outage.Key)!.Here.Kind);
        Assert.Equal(-4, vantage.Find("whole", Outage.Key)!.Difference!.Value, 0.001);
    }

    [Fact]
    public void Figures_what_failed_on_the_own_way_counts_apart_and_not_against_the_service()
    {
        var vantage = Parse(FromHere(failure: "Transport")).Vantage!;

        Is(vantage, "whole", "apart", 0, 8, 8);
        Is(vantage, "after", "success", 161.0 / 201, 1, 1 - (161.0 / 201));
        Assert.Equal(MeasuredKind.NotNeeded, vantage.Find("whole", Outage.Key)!.Here.Kind);
    }

    [Fact]
    public void Figures_what_waited_on_a_broken_way_counts_apart_for_the_client_from_here_alone()
    {
        var broken = $$"""
            {"at":"{{Utc(9.9)}}","event":"way","pod":"p","open":false,"reason":"the kubelet is silent","since":"{{Utc(9.8)}}"}
            {"at":"{{Utc(14)}}","event":"way","pod":"p","open":true}
            """;
        var row = Parse(FromHere(failure: "Deadline"), broken);

        Is(row.Vantage!, "whole", "apart", 0, 8, 8);
        Assert.Equal(0, row.Books.OwnTransport);
        Assert.Equal(RowState.Measured, row.State);
    }

    [Fact]
    public void Row_without_a_fault_has_all_of_it_before_and_no_outage()
    {
        using var folder = new ArtefactFolder();
        folder.TestLog("agg-tp-1-dp-1-none", fault: null, ready: 1);
        folder.Write("agg-tp-1-dp-1-none", "client_0.log.txt", Enumerable.Range(0, 100).Select(i => Line(i, i / 10.0, 0.05, "Ok")));
        folder.Write(
            "agg-tp-1-dp-1-none", "timeline.jsonl",
            $$"""{"at":"{{Utc(0)}}","event":"load.started","clients":1,"planned":100}""",
            $$"""{"at":"{{Utc(10)}}","event":"load.ended","planned":100,"sent":100,"notSent":0}""");
        SyntheticRun.ProbeOf(folder, "agg-tp-1-dp-1-none", Enumerable.Range(0, 20).Select(i => Line(i, i / 2.0, 0.07, "Ok")));

        var vantage = Assert.Single(folder.Parse().Scenarios).Vantage!;

        Is(vantage, "before", "requests", 100, 20, -80);
        Is(vantage, "before", "latency_p50", 0.05, 0.07, 0.02);
        Assert.Null(vantage.Find("after", "requests"));
        Assert.Equal(MeasuredKind.Unknown, vantage.Find("whole", Outage.Key)!.Cluster.Kind);
    }

    [Fact]
    public void Row_whose_client_from_here_has_an_incomplete_log_says_so_and_stays_measured()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Name);
        SyntheticRun.ProbeOf(folder, Name, FromHere());
        folder.Write(Name, "probe/client_0.log.txt", FromHere()[..^3]);

        var row = Assert.Single(folder.Parse().Scenarios);

        Assert.Equal(RowState.Measured, row.State);
        Assert.Contains(row.Diagnostics, one => one is { Code: "FT0901", Severity: Severity.Warning });
        Assert.Contains(row.Notes, note => note.StartsWith("partial: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Row_whose_client_from_here_came_too_late_says_so_and_stays_measured()
    {
        var row = Parse(FromHere(), reasons: "\"it sent late\"");

        Assert.Equal(RowState.Measured, row.State);
        Assert.Contains("the client from here cannot be trusted beside the load: it sent late", row.Notes);
    }

    internal static string[] FromHere(double back = SyntheticRun.Back, string failure = "Rejected") =>
    [
        .. Enumerable.Range(0, 60).Select(i => (Number: i, Sent: i / 2.0)).Select(one =>
            one.Sent >= SyntheticRun.Fault && one.Sent < back
                ? Line(one.Number, one.Sent, 0.02, failure)
                : Line(one.Number, one.Sent, 0.08 + Slower + (one.Number % 7 * 0.001), "Ok")),
    ];

    internal static ScenarioResult Parse(string[]? probe, string more = "", string reasons = "")
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Name);
        if (probe is not null)
        {
            SyntheticRun.ProbeOf(folder, Name, probe, more, reasons);
        }

        return Assert.Single(folder.Parse().Scenarios);
    }

    private static void Is(Vantage vantage, string part, string name, double cluster, double here, double difference)
    {
        var figure = vantage.Find(part, name)!;
        Assert.Equal(cluster, figure.Cluster.Seconds, 0.0006);
        Assert.Equal(here, figure.Here.Seconds, 0.0006);
        Assert.Equal(difference, figure.Difference!.Value, 0.0011);
    }
}

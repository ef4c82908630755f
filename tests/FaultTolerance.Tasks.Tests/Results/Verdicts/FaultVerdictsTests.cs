using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Verdicts;

namespace FaultTolerance.Tests.Results.Verdicts;

public sealed class FaultVerdictsTests
{
    [Fact]
    public void Of_two_faults_that_overlap_gives_each_its_window_proof_and_verdict()
    {
        using var folder = new ArtefactFolder();
        TwoFaults.Scenario(folder);

        var row = Assert.Single(folder.Parse().Scenarios);

        var (first, second) = (row.Faults[0], row.Faults[1]);
        Assert.Equal(("1", "stallProcess", true, "g-a"), (first.Id, first.Kind, first.Lasts, Assert.Single(first.Targets)));
        Assert.Equal(("stopped", "runs again"), (Assert.Single(first.Proofs), Assert.Single(first.Undone)));
        Assert.Equal((18d, 15d), (Seconds(first.Ended), Seconds(first.Until)));
        Assert.Equal(20, first.Lost);
        Assert.Equal(2, first.Recovered(Outage.Key)!.Value.Seconds, 3);
        Assert.Equal(FaultOutcomeKind.Open, first.Outcome);
        // Three seconds of answers are too few to call it steady.
        Assert.Equal(["the fault itself (undone 3 s later)", "harmed", "steady"], first.Open);
        Assert.Equal((MeasuredKind.Censored, "the next fault was ordered"),
            (first.Recovered(SteadyAgain.Key)!.Value.Kind, first.Recovered(SteadyAgain.Key)!.Value.Event));
        Assert.Equal(("2", false, null, 15.2), (second.Id, second.Lasts, second.Until, Seconds(second.Ended)));
        Assert.Equal((30L, FaultOutcomeKind.Recovered), (second.Lost, second.Outcome));
        Assert.Equal(3, second.Recovered(Outage.Key)!.Value.Seconds, 3);
        Assert.Equal(0.2, second.Recovered(Landed.Key)!.Value.Seconds, 3);
        Assert.Empty(second.Open);
        Assert.Equal(row.Damage!.LostRequests, first.Lost + second.Lost);
    }

    [Fact]
    public void Of_a_fault_whose_outage_the_next_one_meets_names_what_was_open()
    {
        using var folder = new ArtefactFolder();
        TwoFaults.Scenario(folder, secondBack: 40);

        var second = Assert.Single(folder.Parse().Scenarios).Faults[1];

        Assert.Equal(FaultOutcomeKind.Open, second.Outcome);
        Assert.Contains("outage", second.Open);
        Assert.Contains("steady", second.Open);
        Assert.Equal("the load ended", second.Recovered(Outage.Key)!.Value.Event);
    }

    [Fact]
    public void Of_a_fault_without_target_is_unproven_and_ends_the_time_of_the_one_before()
    {
        using var folder = new ArtefactFolder();
        TwoFaults.Scenario(folder, secondLands: false);

        var row = Assert.Single(folder.Parse().Scenarios);

        Assert.Equal(FaultOutcomeKind.Unproven, row.Faults[1].Outcome);
        Assert.Equal(("FT0611: no pod to break", null), (row.Faults[1].Doubt, row.Faults[1].Landed));
        Assert.Equal(row.Faults[1].Ordered, row.Faults[0].Until);
        Assert.Equal(RowState.Unproven, row.State);
    }

    [Fact]
    public void Of_an_only_fault_has_what_the_row_has()
    {
        var row = Assert.Single(SyntheticRun.Parse().Scenarios);

        var fault = Assert.Single(row.Faults);
        Assert.Equal(row.Recovery, fault.Recovery);
        Assert.Equal(row.Damage!.LostRequests, fault.Lost);
        Assert.Equal(row.Zero, fault.Ordered);
        Assert.Equal(FaultOutcomeKind.Recovered, fault.Outcome);
    }

    [Fact]
    public void Of_an_only_fault_whose_undo_failed_is_open()
    {
        var healing = TwoFaults.Fault(20, "unhealed", "1", "killProcess", "g-frontend-x1", "FT0615: still there");
        var fault = Assert.Single(Assert.Single(SyntheticRun.Parse(more: healing).Scenarios).Faults);

        Assert.Equal((FaultOutcomeKind.Open, null), (fault.Outcome, fault.Ended));
        Assert.Contains("the fault itself (not undone)", fault.Open);
        Assert.Equal("not undone: FT0615: still there", fault.Doubt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Of_any_faults_their_losses_add_up_to_the_rows(int seed)
    {
        var random = new Random(seed);
        var orders = Enumerable.Range(0, random.Next(2, 9)).Select(_ => (long)random.Next(50, 300) * TimeSpan.TicksPerSecond / 10).Order()
            .ToArray();
        RequestSample[] requests =
        [
            .. Enumerable.Range(0, 400).Select(i => (long)i * TimeSpan.TicksPerSecond / 10)
                .Select(start => new RequestSample(0, start, start + random.Next(1, 60_000_000), random.NextDouble() > 0.3)),
        ];
        ImmutableArray<TimelineEvent> timeline =
        [
            .. orders.SelectMany((at, i) => new TimelineEvent[]
            {
                new FaultIssued { At = at, Id = $"{i + 1}.1", Kind = "toy" },
                    new FaultLanded { At = at + 1, Id = $"{i + 1}.1", Kind = "toy" },
            }),
        ];
        var input = new RecoveryInput { Zero = orders[0], IsOrdered = true, Requests = requests, Timeline = timeline };

        var faults = FaultVerdicts.Of(timeline, input, [], RecoveryDefinitions.All);

        Assert.Equal(orders.Length, faults.Length);
        Assert.Equal(input.Harm.Lost.Length, faults.Sum(fault => fault.Lost ?? 0));
        Assert.All(faults, fault => Assert.Equal(
            fault.Until is { } until ? requests.Count(request => request.Start < until && request.End >= until) : 0, fault.UnderWay));
    }

    [Fact]
    public void WriteAll_of_a_row_with_two_faults_tells_each_in_every_form()
    {
        using var folder = new ArtefactFolder();
        using var target = new ArtefactFolder();
        TwoFaults.Scenario(folder);

        ReportWriter.WriteAll(folder.Parse(), target.Path, FaultKinds.Standard.Words);

        string Text(string name) => File.ReadAllText(Path.Combine(target.Path, name));
        var lines = Text("faults.csv").Split('\n');
        Assert.Equal(
            "scenario,trial,fault,kind,service,targets,ordered_at,landed_at,ended_at,until,lasts,verdict,lost_requests,under_way,open,proof,undone,doubt,landed_seconds,landed_is",
            string.Join(',', lines[0].Split(',').Take(20)));
        Assert.StartsWith(
            "agg-tp-1-dp-1-two,1,1,stallProcess,Decode,g-a,2026-01-02T03:04:15.0000000Z,2026-01-02T03:04:15.1000000Z,2026-01-02T03:04:23.0000000Z,"
            + "2026-01-02T03:04:20.0000000Z,true,Open,20,0,the fault itself (undone 3 s later); harmed; steady,stopped,runs again,,0.1,Value,",
            lines[1], StringComparison.Ordinal);
        Assert.StartsWith(
            "agg-tp-1-dp-1-two,1,2,killProcess,Decode,g-b,2026-01-02T03:04:20.0000000Z,2026-01-02T03:04:20.2000000Z,2026-01-02T03:04:20.2000000Z,"
            + ",false,Recovered,30,0,,gone,,,0.2,Value,",
            lines[2], StringComparison.Ordinal);
        Assert.Contains("two 2, killProcess", Text("summary.txt"), StringComparison.Ordinal);
        Assert.Contains("two 1, stallProcess", Text("summary.md"), StringComparison.Ordinal);
        Assert.Contains("\"verdict\": \"Open\"", Text("summary.json"), StringComparison.Ordinal);
        Assert.Equal(2, Text("report.html").Split("<rect class=\"window\"").Length - 1);
        Assert.Contains("Each fault by itself", Text("report.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteAll_of_a_row_with_one_fault_says_nothing_twice()
    {
        using var target = new ArtefactFolder();

        ReportWriter.WriteAll(SyntheticRun.Parse(), target.Path, FaultKinds.Standard.Words);

        Assert.False(File.Exists(Path.Combine(target.Path, "faults.csv")));
        Assert.DoesNotContain("<rect class=\"window\"", File.ReadAllText(Path.Combine(target.Path, "report.html")),
            StringComparison.Ordinal);
    }

    private static double? Seconds(long? at) => at is { } ticks ? (ticks - ArtefactFolder.Zero.Ticks) / (double)TimeSpan.TicksPerSecond
        : null;
}

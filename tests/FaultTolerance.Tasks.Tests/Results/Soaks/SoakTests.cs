using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Soaks;
using FaultTolerance.Results.Statistics;
using FaultTolerance.Tests.Results.Verdicts;

namespace FaultTolerance.Tests.Results.Soaks;

/// <summary>What the faults of a row come to together.</summary>
public sealed class SoakTests
{
    [Fact]
    public void Availability_is_the_share_from_the_first_order_on_with_its_interval()
    {
        var row = TwoFaultsRow(18);

        // 200 requests from 10 s on, 50 of them lost.
        Assert.Equal(50, row.Availability!.Ended - row.Availability.Answered);
        Assert.Equal(200, row.Availability.Ended);
        Assert.Equal(Wilson.Interval(row.Availability.Answered, row.Availability.Ended), row.Availability.Interval);
        Assert.True(row.Availability.Interval.Low < row.Availability.Share && row.Availability.Share < row.Availability.Interval.High);
    }

    [Fact]
    public void Mttr_is_a_lower_bound_where_a_fault_was_not_over_when_the_next_came()
    {
        var row = TwoFaultsRow(18);

        var mttr = new RepairTime().Of(row)!.Value;

        Assert.Equal(MeasuredKind.Censored, mttr.Kind);
        Assert.Equal(
            row.Faults.Average(fault => fault.Recovered(SteadyAgain.Key)!.Value.Seconds), mttr.Seconds, 6);
        Assert.Equal("2 of 2 faults harmed clients, 1 of them not over when the next came", mttr.Event);
        Assert.StartsWith("two: 2 faults; 75.0 % of 200 requests answered from the first order on (95 % interval over requests, Wilson: 68.", SoakText.Of(row), StringComparison.Ordinal);
    }

    [Fact]
    public void Mttr_of_an_only_fault_is_its_own_steady_and_nothing_is_said_of_faults_together()
    {
        var row = Assert.Single(SyntheticRun.Parse().Scenarios);

        Assert.Equal(row.Recovered(SteadyAgain.Key)!.Value.Seconds, new RepairTime().Of(row)!.Value.Seconds);
        Assert.Null(SoakText.Of(row));
    }

    private static ScenarioResult TwoFaultsRow(double back)
    {
        using var folder = new ArtefactFolder();
        TwoFaults.Scenario(folder, back);
        return Assert.Single(folder.Parse().Scenarios);
    }
}

namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>What counts as a difference between the real one and the stand-in.</summary>
public sealed class BesideReportTests
{
    private static readonly FaultRow Row = new("one of two workers, SIGKILL", 2, FaultRow.Kill, 14);

    [Theory]
    [InlineData(new[] { 4.4, 9.4 }, new[] { 4.3 }, false)]
    [InlineData(new[] { 4.4 }, new[] { 4.3, 9.4 }, false)]
    [InlineData(new[] { 4.4, 9.4 }, new[] { 4.3, 9.9 }, true)]
    [InlineData(new[] { 4.4 }, new[] { 4.8 }, true)]
    [InlineData(new[] { 4.4 }, new double[0], true)]
    [InlineData(new[] { 0.7, 5.6 }, new[] { 5.6 }, true)]
    public void Differences_in_aftershocks_count_while_the_dead_worker_is_surely_known(double[] real, double[] standIn, bool differ)
    {
        var differences = BesideReport.Differences(Row, With(real), With(standIn)).ToList();

        Assert.Equal(differ, differences.Count > 0);
        Assert.All(differences, difference => Assert.Contains("aftershocks", difference, StringComparison.Ordinal));
    }

    private static RowResult With(double[] aftershocks) => new(0.15, null, aftershocks, [], new HashSet<string>(), 0.01, 1, 10);
}

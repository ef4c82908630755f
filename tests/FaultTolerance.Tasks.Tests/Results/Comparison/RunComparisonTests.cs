using FaultTolerance.Reports.Comparison;
using FaultTolerance.Results.Comparison;

namespace FaultTolerance.Tests.Results.Comparison;

public sealed class RunComparisonTests
{
    [Fact]
    public void Of_a_run_and_itself_cannot_tell_a_difference()
    {
        using var run = Run(0);

        var comparison = RunComparison.Of(run.Parse(), run.Parse());

        Assert.All(comparison.Rows, row => Assert.All(row.Deltas, delta => Assert.Equal(0, delta.Sign)));
        Assert.All(comparison.Overall, one => Assert.Equal(0, one.Median));
    }

    [Fact]
    public void Of_a_slower_restart_tells_it_by_row_and_over_all()
    {
        using var older = Run(0);
        using var newer = Run(2);

        var comparison = RunComparison.Of(older.Parse(), newer.Parse());

        var ready = Assert.Single(comparison.Overall, one => one.Measure == "pod_ready");
        Assert.True(ready.Low > 1.5 && ready.High < 2.5, $"{ready}");
        Assert.All(comparison.Rows, row => Assert.Equal(1, row.Deltas.Single(delta => delta.Measure == "pod_ready").Sign));
        ComparisonWriter.WriteAll(comparison, newer.Path);
        Assert.Contains(
            "<a href=\"#s-agg-tp-1-dp-1-frontend\">agg-tp-1-dp-1-frontend</a>: ▲ Outage",
            File.ReadAllText(Assert.Single(Directory.GetFiles(newer.Path, "compare-*.html"))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Pod ready, rows that hit Frontend: over 8 rows 2.00 s longer in the median",
            ComparisonText.Write(comparison, markdown: false),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Of_few_rows_says_that_the_data_cannot_tell()
    {
        using var older = Run(0, rows: 1);
        using var newer = Run(2, rows: 1);

        var comparison = RunComparison.Of(older.Parse(), newer.Parse());

        Assert.All(comparison.Rows[0].Deltas, delta => Assert.Equal(0, delta.Sign));
        Assert.Contains("the data cannot tell", ComparisonText.Write(comparison, markdown: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(0, 0)]
    public void Of_one_row_with_trials_tells_by_these_alone(double slower, int sign)
    {
        using var older = Trials(0);
        using var newer = Trials(slower);

        var row = Assert.Single(RunComparison.Of(older.Parse(), newer.Parse()).Rows);

        var ready = row.Deltas.Single(delta => delta.Measure == "pod_ready");
        Assert.Equal(sign, ready.Sign);
        Assert.True(ready.FromTrials);
        Assert.Equal(slower, ready.Difference, 6);
        Assert.InRange(ready.Low!.Value, slower - 0.6, slower);
        Assert.InRange(ready.High!.Value, slower, slower + 0.6);
    }

    [Fact]
    public void WriteAll_writes_four_files_the_same_each_time()
    {
        using var older = Run(0, rows: 1);
        using var newer = Run(2, rows: 2);
        var comparison = RunComparison.Of(older.Parse(), newer.Parse());

        var text = ComparisonWriter.WriteAll(comparison, newer.Path);
        var first = Directory.GetFiles(newer.Path, "compare-*").Order(StringComparer.Ordinal).Select(File.ReadAllText).ToList();
        ComparisonWriter.WriteAll(comparison, newer.Path);

        Assert.Equal(4, first.Count);
        Assert.Equal(first, Directory.GetFiles(newer.Path, "compare-*").Order(StringComparer.Ordinal).Select(File.ReadAllText));
        Assert.Contains("only in the newer run", File.ReadAllText(text), StringComparison.Ordinal);
    }

    private static ArtefactFolder Trials(double slower)
    {
        var folder = new ArtefactFolder();
        for (var i = 0; i < 5; i++)
        {
            SyntheticRun.Scenario(
                folder,
                FaultTolerance.Scenarios.TrialName.Of("agg-tp-1-dp-1-frontend", i + 1),
                SyntheticRun.Back + slower + (0.1 * i),
                end: 25
            );
        }

        return folder;
    }

    [Fact]
    public void Of_refuses_runs_that_do_not_mean_the_same_by_their_measures()
    {
        using var run = Run(0, rows: 1);
        var older = run.Parse();

        var error = Assert.Throws<FaultMatrixException>(() => RunComparison.Of(older, older with { Id = "newer", Definitions = 2 }));

        Assert.Equal("FT0815", error.Code);
        Assert.Contains("version 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_rows_with_a_client_from_here_goes_by_the_rows_own_clients()
    {
        using var older = Run(0);
        using var newer = Run(2);
        var alone = ComparisonText.Write(RunComparison.Of(older.Parse(), newer.Parse()), markdown: false);
        foreach (var folder in new[] { older, newer })
        {
            Assert.All(folder.Parse().Scenarios, row => SyntheticRun.ProbeOf(folder, row.Name, Vantages.VantageTests.FromHere()));
        }

        var (before, after) = (older.Parse(), newer.Parse());

        Assert.All(after.Scenarios, row => Assert.NotNull(row.Vantage));
        Assert.Equal(alone, ComparisonText.Write(RunComparison.Of(before, after), markdown: false));
    }

    // The rows differ a little from each other, and each by as much from itself in the other run.
    private static ArtefactFolder Run(double slower, int rows = 8)
    {
        var folder = new ArtefactFolder();
        for (var i = 0; i < rows; i++)
        {
            SyntheticRun.Scenario(
                folder,
                $"agg-tp-1-dp-{i + 1}-frontend",
                SyntheticRun.Back + slower + (slower == 0 ? 0 : 0.1 * ((i % 3) - 1)),
                end: 25
            );
        }

        return folder;
    }
}

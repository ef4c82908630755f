using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Tests.Results.Trials;

public sealed class RowTrialsTests
{
    private const string Row = "agg-tp-1-dp-1-frontend";

    [Fact]
    public void Of_a_run_joins_trials_by_their_names_and_shows_the_one_in_the_middle()
    {
        using var folder = Run(14, 17, 15);

        var row = Assert.Single(RowTrials.Of(folder.Parse().Scenarios));

        Assert.Equal((Row, "agg-tp-1-dp-1", "frontend"), (row.Name, row.Group, row.Failure));
        Assert.Equal([1, 2, 3], row.All.Select(trial => trial.Trial));
        Assert.Equal(3, row.Typical.Trial);
        Assert.Equal(row.Typical.Recovered("outage")!.Value.Seconds, row.Recovery("outage")!.Median.Seconds, 9);
    }

    [Fact]
    public void Recovery_leaves_trials_out_that_cannot_be_trusted()
    {
        using var folder = Run(14, 17, 15);
        var run = folder.Parse();

        var row = new RowTrials([.. run.Scenarios.Select(trial => trial.Trial == 2 ? trial with { State = RowState.Invalid } : trial)]);

        Assert.Equal([1, 3], row.Sound.Select(trial => trial.Trial));
        Assert.Equal(2, row.Recovery("outage")!.Values.Length);
        Assert.Null(row.Recovery("outage")!.Interval);
    }

    [Fact]
    public void LostShare_is_of_all_trials_together()
    {
        using var folder = Run(14, 16);

        var (lost, sent, low, high) = Assert.Single(RowTrials.Of(folder.Parse().Scenarios)).LostShare;

        Assert.Equal((100, 600), (lost, sent));
        Assert.True(low < 1 / 6.0 && 1 / 6.0 < high);
    }

    [Theory]
    [InlineData("1 2 3", "2.00")]
    [InlineData("1 2 3 4", "2.50")]
    [InlineData("1 2 >3", "2.00")]
    [InlineData("1 >2 3", "> 2.00")]
    [InlineData(">1 2 3", "> 2.00")]
    [InlineData("1 2 3 >4", "2.50")]
    [InlineData("none none 3", "none")]
    [InlineData("none 2 3", "2.00")]
    [InlineData("? 2 ?", "2.00")]
    public void Spread_of_bounds_gives_a_bound_where_the_median_may_be_greater(string measured, string median)
    {
        var spread = Spread.Of(measured.Split(' ').Select(Parse));

        Assert.Equal(median, spread!.Median.ToCell());
    }

    [Fact]
    public void Spread_of_nothing_known_is_none() => Assert.Null(Spread.Of([Measured.Unknown, Measured.Unknown]));

    [Fact]
    public void WriteAll_of_trials_shows_medians_and_spread_in_every_form()
    {
        using var folder = Run(14, 17, 15);
        var run = folder.Parse();

        ReportWriter.WriteAll(run, folder.Path, FaultKinds.Standard.Words);

        var text = File.ReadAllText(Path.Combine(folder.Path, "summary.txt"));
        Assert.Contains("Over the trials", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split('\n').Count(line => line.Contains(" frontend ", StringComparison.Ordinal)));
        Assert.Contains($"\n{Row},3,3,outage,3,", File.ReadAllText(Path.Combine(folder.Path, "trials.csv")), StringComparison.Ordinal);
        Assert.Equal(4, File.ReadAllLines(Path.Combine(folder.Path, "summary.csv")).Length);
        Assert.Contains(
            "| frontend, 3 trials |",
            File.ReadAllText(Path.Combine(folder.Path, "summary.github.md")),
            StringComparison.Ordinal
        );
        var page = File.ReadAllText(Path.Combine(folder.Path, "report.html"));
        Assert.Contains("3 trials", page, StringComparison.Ordinal);
        Assert.Contains("hold the median with 75 %", page, StringComparison.Ordinal);
        Assert.Equal(1, page.Split("<svg class=\"figure\"").Length - 1);
        Assert.Equal(1, page.Split("<svg class=\"strip\"").Length - 1);
    }

    [Fact]
    public void WriteAll_of_single_trials_leaves_no_file_of_trials()
    {
        using var folder = Run(14);
        File.WriteAllText(Path.Combine(folder.Path, TrialsCsv.FileName), "of an earlier parse");

        var files = ReportWriter.WriteAll(folder.Parse(), folder.Path, FaultKinds.Standard.Words);

        Assert.DoesNotContain(files, file => file.EndsWith(TrialsCsv.FileName, StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(folder.Path, TrialsCsv.FileName)));
        Assert.DoesNotContain("Over the trials", File.ReadAllText(Path.Combine(folder.Path, "summary.txt")), StringComparison.Ordinal);
    }

    private static Measured Parse(string text) => text switch
    {
        "?" => Measured.Unknown,
        "none" => Measured.NotNeeded,
        ['>', .. var bound] => new Measured(MeasuredKind.Censored, double.Parse(bound, System.Globalization.CultureInfo.InvariantCulture)),
        _ => new Measured(MeasuredKind.Value, double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
    };

    private static ArtefactFolder Run(params double[] back)
    {
        var folder = new ArtefactFolder();
        for (var i = 0; i < back.Length; i++)
        {
            SyntheticRun.Scenario(folder, FaultTolerance.Scenarios.TrialName.Of(Row, i + 1), back[i]);
        }

        return folder;
    }
}

using FaultTolerance.Reports.History;
using FaultTolerance.Results;
using FaultTolerance.Results.History;
using FaultTolerance.Runs;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Tasks;

namespace FaultTolerance.Tests.Results.History;

/// <summary>Runs over time.</summary>
public sealed class RunHistoryTests : IDisposable
{
    private const string Row = "agg-tp-1-dp-1-frontend";

    private readonly string _results = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public void Dispose() => Directory.Delete(_results, recursive: true);

    [Fact]
    public void Of_a_slower_restart_marks_the_run_in_which_it_came_and_no_other()
    {
        Run("a", 0);
        Run("b", 0.02);
        Run("c", 2);
        Run("d", 2.02);

        var ready = Line(History(), Row, "pod_ready");

        Assert.Equal([0, 0, 1, 0], ready.Points.Select(point => point.Sign));
        Assert.Equal(1, ready.Points[2].Compared!.Value.Run);
        Assert.Null(ready.Points[0].Compared);
    }

    [Fact]
    public void Of_a_run_without_the_row_compares_with_the_one_before_it()
    {
        Run("a", 0);
        Run("b", 0, rows: 0);
        Run("c", 2);

        var ready = Line(History(), Row, "pod_ready");

        Assert.Equal([0, 2], ready.Points.Select(point => point.Run));
        Assert.Equal(0, ready.Points[1].Compared!.Value.Run);
        Assert.Equal(1, ready.Points[1].Sign);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public void Of_runs_that_do_not_mean_the_same_compares_none(int definitions, bool standIn)
    {
        Run("a", 0);
        Run("b", 2, definitions: definitions, standIn: standIn);

        Assert.All(History().Lines.SelectMany(line => line.Points), point => Assert.Null(point.Compared));
    }

    [Fact]
    public void Of_a_share_has_its_interval_and_of_one_trial_a_time_has_none()
    {
        Run("a", 0);

        var history = History();

        var (low, high) = Line(history, Row, "lost_share").Points[0].Interval!.Value;
        Assert.InRange(Line(history, Row, "lost_share").Points[0].Value, low, high);
        Assert.Null(Line(history, Row, "pod_ready").Points[0].Interval);
    }

    [Fact]
    public void Of_a_run_that_cannot_be_read_leaves_it_out_and_says_why()
    {
        Run("a", 0);
        Directory.CreateDirectory(Path.Combine(_results, "b"));
        File.WriteAllText(Path.Combine(_results, "b", "run.json"), "{}");
        var engine = new RecordingEngine();
        using var task = new WriteHistory { BuildEngine = engine, Results = _results };

        Assert.True(task.Execute());

        Assert.Contains(engine.Lines, line => line.StartsWith("warning FT0802: run 'b' is left out: FT0801", StringComparison.Ordinal));
        Assert.Contains("holds no folder test_fault_scenario", File.ReadAllText(task.PageFile), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteAll_writes_page_and_csv_the_same_each_time()
    {
        Run("a", 0);
        Run("b<script>", 2);

        var page = HistoryWriter.WriteAll(History(), _results);
        var first = (File.ReadAllText(page), File.ReadAllText(Path.Combine(_results, "history.csv")));
        HistoryWriter.WriteAll(History(), _results);

        Assert.Equal(first, (File.ReadAllText(page), File.ReadAllText(Path.Combine(_results, "history.csv"))));
        Assert.Contains("▲ Pod ready", first.Item1, StringComparison.Ordinal);
        Assert.DoesNotContain("b<script>", first.Item1, StringComparison.Ordinal);
        Assert.Contains(",pod_ready,", first.Item2, StringComparison.Ordinal);
        Assert.Contains(",greater\n", first.Item2, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteHistory_of_no_run_says_so()
    {
        var engine = new RecordingEngine();
        using var task = new WriteHistory { BuildEngine = engine, Results = _results };

        Assert.False(task.Execute());

        Assert.StartsWith("error FT0122: There is no run in", engine.Lines.Single(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_results));
    }

    private static HistoryLine Line(RunHistory history, string row, string measure) =>
        history.Lines.Single(line => line.Row == row && line.Measure == measure);

    private RunHistory History() => RunHistory.Of(
        [
            .. Directory.GetDirectories(_results).Order(StringComparer.Ordinal).Select((path, i) =>
                new HistoryRun(Path.GetFileName(path), path, new DateTimeOffset(ArtefactFolder.Zero.AddDays(i)))),
        ],
        run => RunParser.Parse(run.Folder, cancellation: TestContext.Current.CancellationToken));

    private void Run(string id, double slower, int rows = 8, int definitions = 1, bool standIn = false)
    {
        string[] names = [.. Enumerable.Range(1, 8).Select(i => $"agg-tp-1-dp-{i}-frontend").Take(rows), .. rows == 0
            ? ["agg-tp-1-dp-1-none"] : Array.Empty<string>()];
        var folder = RunFolder.Create(_results, new RunManifest
        {
            Id = id,
            Anchor = new ClockAnchor(new DateTimeOffset(ArtefactFolder.Zero), 0),
            TimestampFrequency = 1,
            BootId = "",
            Profile = "quick",
            Scenarios = names,
            Seed = 1,
            Namespace = "ns",
            Definitions = definitions,
            StandIn = standIn,
        }).Path;
        using var artefacts = new ArtefactFolder();
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
        {
            SyntheticRun.Scenario(artefacts, name, SyntheticRun.Back + slower + (0.02 * (((i * (id[0] - 'a' + 1)) % 5) - 2)), end: 25);
            Directory.Move(artefacts.Scenario(name), ScenarioFolder.In(folder, name).Path);
        }
    }
}

using System.Text.Json.Nodes;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Merging;
using FaultTolerance.Runs;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Tasks;

namespace FaultTolerance.Tests.Results.Merging;

/// <summary>Runs of a partition, joined.</summary>
public sealed class RunMergeTests : IDisposable
{
    private static readonly string[] Rows =
        ["agg-tp-1-dp-1-frontend", "agg-tp-1-dp-1-none", "agg-tp-1-dp-2-frontend", "disagg-tp-1-dp-1-frontend"];

    private readonly string _results = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public void Dispose() => Directory.Delete(_results, recursive: true);

    [Fact]
    public void Make_of_all_parts_gives_the_tables_and_the_page_of_one_run()
    {
        var whole = Run("run-of-all-rows", Rows);
        Run("a", [Rows[0], Rows[2]], Rows);
        Run("b", [Rows[1], Rows[3]], Rows);

        var (folder, missing) = Make("a", "b");

        Assert.Empty(missing);
        foreach (var file in new[] { "summary.txt", "summary.csv", "summary.json", "report.html", "junit.xml", "requests.csv" })
        {
            Assert.Equal(Reported(whole, file).Replace("run-of-all-rows", "RUN", StringComparison.Ordinal),
                Reported(folder, file).Replace("joined", "RUN", StringComparison.Ordinal));
        }

        Assert.Equal(Rows, RunFolder.Open(folder).Manifest.Scenarios);
        Assert.Equal(4, JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "plan.json")))!["plan"]!["scenarios"]!.AsArray().Count);
        Assert.Equal(["a", "b"], JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!["parts"]!.AsArray()
            .Select(part => (string)part!["run"]!));
    }

    [Fact]
    public void Make_of_rows_with_a_client_from_here_keeps_its_figures()
    {
        var whole = Run("run-of-all-rows", Rows, probes: true);
        Run("a", [Rows[0], Rows[2]], Rows, probes: true);
        Run("b", [Rows[1], Rows[3]], Rows, probes: true);

        var (folder, _) = Make("a", "b");

        Assert.All(RunParser.Parse(folder, cancellation: TestContext.Current.CancellationToken).Scenarios,
            row => Assert.NotNull(row.Vantage));
        foreach (var file in new[] { "vantage.csv", "summary.json", "summary.txt", "report.html" })
        {
            Assert.Equal(Reported(whole, file).Replace("run-of-all-rows", "RUN", StringComparison.Ordinal),
                Reported(folder, file).Replace("joined", "RUN", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Make_without_a_part_names_its_rows_and_each_is_a_row_that_failed()
    {
        Run("a", [Rows[0], Rows[2]], Rows);
        Run("b", [Rows[1]], Rows);

        var (folder, missing) = Make("a", "b");

        Assert.Equal([Rows[3]], missing);
        var row = RunParser.Parse(folder, cancellation: TestContext.Current.CancellationToken).Scenarios.Single(one => one.Name == Rows[3]);
        Assert.Equal(RowState.Failed, row.State);
    }

    [Fact]
    public void Make_leaves_the_parts_as_they_were()
    {
        var part = Run("a", [Rows[0]], Rows);
        Run("b", [Rows[1]], Rows);
        var before = Contents(part);

        Make("a", "b");

        Assert.Equal(before, Contents(part));
        Assert.Equal(["a", "b", "joined"], Directory.GetFileSystemEntries(_results)
            .Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
    }

    [Theory]
    [InlineData("scenariosHash", "\"other\"", "the texts of the scenarios file differ")]
    [InlineData("seed", "2", "the values of 'seed' differ")]
    [InlineData("profile", "\"published\"", "the values of 'profile' differ")]
    [InlineData("matrix", "[\"agg-tp-1-dp-1-none\"]", "the selected rows differ")]
    [InlineData("source", """{ "fromCluster": true, "pods": 4 }""", "the places from where loads come (--load-from) differ")]
    public void Make_of_different_plans_is_refused(string key, string value, string says)
    {
        Run("a", [Rows[0]], Rows);
        Run("b", [Rows[1]], Rows, plan => plan["plan"]![key] = JsonNode.Parse(value));

        Refused("FT0834", says, "a", "b");
    }

    [Fact]
    public void Make_of_different_manifests_is_refused()
    {
        Run("a", [Rows[0]], Rows, plan => plan["manifests"]!["/agg.yaml"] = new JsonObject { ["hash"] = "1" });
        Run("b", [Rows[1]], Rows, plan => plan["manifests"]!["/agg.yaml"] = new JsonObject { ["hash"] = "2" });

        Refused("FT0834", "the manifest texts of /agg.yaml differ", "a", "b");
    }

    [Fact]
    public void Make_of_a_row_twice_is_refused()
    {
        Run("a", [Rows[0], Rows[1]], Rows);
        Run("b", [Rows[1]], Rows);

        Refused("FT0834", $"the row {Rows[1]} is in run 'a' and in run 'b'; leave one of them out", "a", "b");
    }

    [Fact]
    public void Make_of_a_run_without_a_plan_is_refused()
    {
        Run("a", [Rows[0]], Rows);
        File.Delete(Path.Combine(Run("b", [Rows[1]], Rows), "plan.json"));

        Refused("FT0709", "run 'b' has no plan.json that can be read", "a", "b");
    }

    [Fact]
    public void Make_of_a_folder_with_a_link_is_refused()
    {
        Run("a", [Rows[0]], Rows);
        var part = Run("b", [Rows[1]], Rows);
        File.CreateSymbolicLink(Path.Combine(part, $"test_fault_scenario[{Rows[1]}]", "secret.log"), "/etc/hostname");

        Refused("FT0834", "the run's folder holds a link", "a", "b");
    }

    [Fact]
    public void MergeRuns_of_one_run_says_what_it_needs()
    {
        var engine = new RecordingEngine();
        using var task = new MergeRuns { BuildEngine = engine, Results = _results, Runs = ["a"] };

        Assert.False(task.Execute());

        Assert.StartsWith("error FT0123: Merge needs the runs of a partition, and got 1", engine.Lines.Single(), StringComparison.Ordinal);
    }

    private (string Folder, IReadOnlyList<string> Missing) Make(params string[] parts) =>
        RunMerge.Make(_results, "joined", [.. parts.Select(part => Path.Combine(_results, part))], false,
            TestContext.Current.CancellationToken);

    private void Refused(string code, string says, params string[] parts)
    {
        var before = Directory.GetFileSystemEntries(_results);

        var error = Assert.Throws<FaultMatrixException>(() => Make(parts));

        Assert.Equal(code, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_results));
    }

    private static string Reported(string folder, string file)
    {
        var result = RunJudge.Judge(RunParser.Parse(folder, cancellation: TestContext.Current.CancellationToken));
        ReportWriter.WriteAll(result, folder, FaultTolerance.Faults.FaultKinds.Standard.Words, strict: false);
        return File.ReadAllText(Path.Combine(folder, file));
    }

    private static List<string> Contents(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => path + File.ReadAllText(path))];

    private string Run(string id, string[] rows, string[]? matrix = null, Action<JsonObject>? change = null, bool probes = false)
    {
        var folder = RunFolder.Create(_results, new RunManifest
        {
            Id = id,
            Anchor = new ClockAnchor(new DateTimeOffset(ArtefactFolder.Zero), 0),
            TimestampFrequency = 1,
            BootId = "",
            Profile = "quick",
            Scenarios = rows,
            Seed = 1,
            Namespace = "ns",
        }).Path;
        using (var artefacts = new ArtefactFolder())
        {
            foreach (var row in rows)
            {
                SyntheticRun.Scenario(artefacts, row);
                if (probes)
                {
                    SyntheticRun.ProbeOf(artefacts, row, Vantages.VantageTests.FromHere());
                }

                Directory.Move(artefacts.Scenario(row), ScenarioFolder.In(folder, row).Path);
            }
        }

        var plan = new JsonObject
        {
            ["plan"] = new JsonObject
            {
                ["scenariosFile"] = $"/checkout of {id}/scenarios.json",
                ["scenariosHash"] = "hash",
                ["profile"] = "quick",
                ["seed"] = 1,
                ["transport"] = "portforward",
                ["parallelism"] = rows.Length,
                ["scenarios"] = new JsonArray([.. rows.Select(row => new JsonObject { ["graphName"] = row })]),
            },
            ["overlay"] = new JsonObject { ["hash"] = "overlay" },
            ["manifests"] = new JsonObject(),
        };
        if (matrix is not null)
        {
            plan["plan"]!["matrix"] = new JsonArray([.. matrix.Select(row => (JsonNode)row)]);
        }

        change?.Invoke(plan);
        File.WriteAllText(Path.Combine(folder, "plan.json"), plan.ToJsonString());
        var checks = rows.ToDictionary(row => row, _ => JsonNode.Parse("""[{"kind":"generatorHealthy","weight":1}]"""), StringComparer.Ordinal);
        File.WriteAllText(Path.Combine(folder, CheckFile.Name), new JsonObject(checks).ToJsonString());
        return folder;
    }
}

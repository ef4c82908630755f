using FaultTolerance.Runs;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Scenarios;
using FaultTolerance.Tests.Shapes;

namespace FaultTolerance.Tests.Tasks;

public sealed class SelectScenariosTests : IDisposable
{
    private static readonly string[] Rows = ["agg-tp-1-dp-1-none", "agg-tp-1-dp-1-frontend", "agg-tp-1-dp-1-frontend.2"];
    private readonly string _results = Directory.CreateTempSubdirectory("select-").FullName;
    private readonly RecordingEngine _engine = new();

    public void Dispose() => Directory.Delete(_results, recursive: true);

    [Fact]
    public void Select_of_a_run_reads_its_plan_and_not_the_scenarios_file()
    {
        MakeRun("20260101-000000-aaaa");
        using var task = Select(ofRun: true);
        task.ScenariosFile = "/nowhere/scenarios.json";

        Assert.True(task.Execute(), string.Join('\n', _engine.Lines));

        Assert.Equal(Rows, task.Scenarios.Select(s => s.ItemSpec));
        Assert.All(task.Scenarios, s => Assert.Equal(("20260101-000000-aaaa", "3"), (s.GetMetadata("Run"), s.GetMetadata("Parallelism"))));
        Assert.Equal("20260101-000000-aaaa", task.RunId);
    }

    [Theory]
    [InlineData("1", "1", "4")]
    [InlineData("64", "4", "")]
    [InlineData("", "4", "")] // The graphs run elsewhere.
    public void Select_for_a_new_run_has_as_many_at_a_time_as_the_processors_bear(string processors, string atATime, string elsewhere)
    {
        using var task = Select(ofRun: false);
        task.Processors = processors;

        Assert.True(task.Execute(), string.Join('\n', _engine.Lines));

        Assert.All(task.Scenarios, row =>
            Assert.Equal((atATime, elsewhere), (row.GetMetadata("Parallelism"), row.GetMetadata("ParallelismElsewhere"))));
    }

    [Fact]
    public void Select_of_a_run_takes_the_latest_that_has_the_only_scenario()
    {
        MakeRun("20260101-000000-aaaa");
        MakeRun("20260102-000000-bbbb", Rows[0]);
        Directory.CreateDirectory(ScenarioFolder.In(Path.Combine(_results, "20260101-000000-aaaa"), Rows[1]).Path);
        using var task = Select(ofRun: true, Rows[1]);

        Assert.True(task.Execute(), string.Join('\n', _engine.Lines));

        Assert.Equal("20260101-000000-aaaa", task.RunId);
    }

    [Theory]
    [InlineData("agg-tp-1-dp-2-none", "FT0210: run '20260101-000000-aaaa' has no scenario 'agg-tp-1-dp-2-none'; its plan has agg-tp-1-dp-1-none, ")]
    [InlineData("disagg*", "FT0210: run ")]
    public void Select_of_what_the_run_does_not_have_names_what_it_has(string scenario, string message)
    {
        MakeRun("20260101-000000-aaaa");
        using var task = Select(ofRun: true, scenario);

        Assert.False(task.Execute());

        Assert.StartsWith("error " + message, Assert.Single(_engine.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vllm-agg", "killProcess\", \"process\": \"sglang::scheduler", "FT0232", "runs vllm (dynamo.vllm)")]
    [InlineData("gateway-agg", "deletePod", "FT0233", "has no gateway before it")]
    [InlineData("two", "deletePod", "FT0214", "say which is meant")]
    [InlineData("wide", "deletePod", "FT0230", "ClusterRole is the whole cluster's")]
    public void Row_that_cannot_be_is_refused_before_anything_is_made(string shape, string fault, string code, string words)
    {
        var graph = ManifestShapes.Yaml(ManifestShapes.All.ContainsKey(shape) ? shape : "vllm-agg", "v1beta1");
        var beside = shape switch
        {
            "two" => $"\n---\n{graph}\n",
            "wide" => "\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: x}\n",
            _ => "\n",
        };
        File.WriteAllText(Path.Combine(_results, "graph.yaml"), graph + beside);
        File.WriteAllText(Path.Combine(_results, "s.json"), $$"""
            {
              "deployments": { "mine": { "manifest": "graph.yaml" } },
              "failures": { "broken": { "kind": "{{fault}}", "target": "decode" } },
              "loads": { "l": {} },
              "profiles": { "quick": { "load": "l" } },
              "matrix": [ { "deployments": ["mine"], "failures": ["broken"] } ]
            }
            """);
        using var task = Select(ofRun: false);
        task.ScenariosFile = Path.Combine(_results, "s.json");

        Assert.False(task.Execute());

        var line = Assert.Single(_engine.Lines);
        Assert.Contains(code, line, StringComparison.Ordinal);
        Assert.Contains(words, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_of_a_run_that_is_not_there_says_so()
    {
        using var task = Select(ofRun: true);
        task.Run = "r9";

        Assert.False(task.Execute());

        Assert.StartsWith("error FT0122: There is no run 'r9' in ", Assert.Single(_engine.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Select_of_a_run_with_another_option_is_refused()
    {
        MakeRun("20260101-000000-aaaa");
        using var task = Select(ofRun: true);
        task.Seed = "9";

        Assert.False(task.Execute());

        Assert.StartsWith("error FT0120", Assert.Single(_engine.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "1", "true")]
    [InlineData(false, "3", "")]
    public void Platform_that_is_restarted_before_each_row_has_one_row_at_a_time(bool restart, string parallelism, string alone)
    {
        MakeRun("20260101-000000-aaaa");
        foreach (var ofRun in new[] { true, false })
        {
            using var task = Select(ofRun, Rows[0], Rows[1]);
            task.RestartPlatform = restart;

            Assert.True(task.Execute(), string.Join('\n', _engine.Lines));

            Assert.Equal(!restart, task.SideBySide);
            Assert.All(task.Scenarios, s => Assert.Equal(alone, s.GetMetadata("Alone")));
            Assert.All(task.Scenarios, s => Assert.True(!ofRun || s.GetMetadata("Parallelism") == parallelism));
        }
    }

    [Fact]
    public void Continue_selects_all_of_the_run_where_nothing_has_a_result()
    {
        MakeRun("20260101-000000-aaaa");
        using var task = Select(ofRun: false);
        task.Continue = true;

        Assert.True(task.Execute(), string.Join('\n', _engine.Lines));

        Assert.Equal(Rows, task.Scenarios.Select(s => s.ItemSpec));
    }

    [Fact]
    public void Continue_without_a_run_selects_from_the_file()
    {
        using var task = Select(ofRun: false, Rows[0]);
        task.Continue = true;

        Assert.True(task.Execute(), string.Join('\n', _engine.Lines));

        Assert.Equal(("", Rows[0]), (task.RunId, Assert.Single(task.Scenarios).ItemSpec));
    }

    private SelectScenarios Select(bool ofRun, params string[] scenarios) => new()
    {
        BuildEngine = _engine,
        ScenariosFile = RepositoryFiles.Scenarios,
        Scenario = scenarios,
        OfRun = ofRun,
        Results = _results,
    };

    private void MakeRun(string id, params string[] rows) => MadeRun.In(_results, id, rows.Length == 0 ? Rows : rows);
}

using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Planning;
using FaultTolerance.Faults;
using FaultTolerance.Scenarios;
using FaultTolerance.Tasks;

namespace FaultTolerance.Tests.Scenarios;

/// <summary>scenarios-today.json: the deployments and rows that upstream keeps today, by its names.</summary>
public sealed class TodayScenariosTests
{
    private static readonly string[] Common = ["none", "frontend", "frontend_pod", "decode_worker", "decode_worker_pod"];
    private static readonly string[] Prefill = ["prefill_worker", "prefill_worker_pod"];
    private static readonly (int Tp, int Dp)[] Sizes = [(1, 1), (1, 2), (2, 1), (4, 1)];

    private static readonly Dictionary<string, string[]> Engines = new(StringComparer.Ordinal)
    {
        ["vllm"] = ["engine_core"],
        ["sglang"] = ["scheduler", "detokenizer"],
        ["trtllm"] = ["engine_core"],
    };

    private static ScenarioCatalog Catalog(string profile = "quick") => ScenarioFile.Load(
        RepositoryFiles.TodayScenarios,
        new ScenarioOptions { Profile = profile, Vocabulary = ScenarioSource.Vocabulary, ManifestFaults = GraphKinds.Default.FaultsOf });

    [Fact]
    public void Matrix_has_upstreams_26_deployments_and_207_of_its_rows_by_name()
    {
        var rows = Catalog().Matrix;

        Assert.Equal(Expected().Order(StringComparer.Ordinal), rows.Select(row => row.Name).Order(StringComparer.Ordinal));
        Assert.Equal(26, rows.Select(row => row.Deployment.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            [("sglang", 72), ("trtllm", 60), ("vllm", 75)],
            rows.GroupBy(row => row.Deployment.Name.Split('-')[0], StringComparer.Ordinal).Select(g => (g.Key, g.Count())).Order());
        Assert.Equal((43, 70), (rows.Max(row => row.Deployment.Name.Length), rows.Max(row => row.Name.Length)));
        Assert.Equal(rows.Length, rows.Select(row => row.GraphName).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(rows.Length, rows.Select(row => GraphLabels.Value(row.Name)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Loads_of_the_real_times_profile_are_upstreams()
    {
        var rows = Catalog("today").Matrix;

        Assert.All(rows, row => Assert.Equal(
            row.Deployment.Name.Contains("moe", StringComparison.Ordinal) ? (3, 30, 0.5, 100, 100, true) : (10, 150, 1, 100, 100, true),
            (row.Load.Clients, row.Load.RequestsPerClient, row.Load.RatePerClient, row.Load.InputTokens, row.Load.OutputTokens, row.Load.Stream)));
        Assert.All(rows.SelectMany(row => row.Failure.Faults), fault => Assert.Equal(
            (TimeSpan.FromSeconds(30), SelectionMode.All), (fault.After, fault.Pods.Mode)));
    }

    [Fact]
    public async Task Every_row_has_a_plan_that_aims_at_its_own_engine()
    {
        foreach (var row in Catalog().Matrix)
        {
            var graph = await GraphKinds.Default.LoadAsWrittenAsync(row, "plan", "ft", TestContext.Current.CancellationToken);
            Assert.NotEmpty(ScenarioPlan.Lines(row, graph, FaultKinds.Standard));
            var (workers, dp) = (graph.Services.Where(s => s.Role != "frontend"), row.Deployment.Replicas);
            Assert.All(graph.Services, service => Assert.Equal(dp, service.Replicas));
            Assert.All(workers, worker => Assert.Equal($"dynamo.{row.Deployment.Name.Split('-')[0]}", worker.Module));
        }
    }

    [Fact]
    public async Task Process_of_another_engine_is_refused_with_the_engine_that_was_found()
    {
        var row = Assert.Single(Catalog().Select(["vllm-agg-tp-1-dp-1-sglang_decode_scheduler"]));
        var graph = await GraphKinds.Default.LoadAsWrittenAsync(row, "plan", "ft", TestContext.Current.CancellationToken);
        var error = Assert.Throws<FaultMatrixException>(() => ScenarioPlan.Lines(row, graph, FaultKinds.Standard).ToList());

        Assert.Equal("FT0232", error.Code);
        Assert.Contains("VllmDecodeWorker of graph", error.Message, StringComparison.Ordinal);
        Assert.Contains("runs vllm (dynamo.vllm)", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Expected()
    {
        foreach (var (engine, parts) in Engines)
        {
            string[] agg = [.. Common, .. parts.Select(part => $"{engine}_decode_{part}")];
            string[] disagg = [.. agg, .. Prefill, .. parts.Select(part => $"{engine}_prefill_{part}")];
            foreach (var (tp, dp) in Sizes)
            {
                foreach (var failure in agg)
                {
                    yield return $"{engine}-agg-tp-{tp}-dp-{dp}-{failure}";
                }

                foreach (var failure in disagg)
                {
                    yield return $"{engine}-disagg-prefill-tp-{tp}-decode-tp-{tp}-dp-{dp}-{failure}";
                }
            }

            foreach (var (kind, failure) in engine == "vllm" ? agg.Select(f => ("agg", f)).Concat(disagg.Select(f => ("disagg", f))) : [])
            {
                yield return $"vllm-moe-{kind}-tp-1-dp-2-{failure}";
            }
        }
    }
}

using System.Globalization;
using System.Text.Json;

namespace EndToEnd;

/// <summary>Graphs that share a Dynamo namespace on purpose: everything in it is one service.</summary>
public sealed class SharedNamespaceTests(ClusterOfTest cluster) : IClassFixture<ClusterOfTest>, IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(true, "dynamo")]
    [InlineData(false, "pinned")]
    public async Task Rows_of_one_Dynamo_namespace_run_one_at_a_time_and_each_measures_itself(bool global, string name)
    {
        var (code, output) = await cluster.BuildAsync(
            "FaultMatrix", "--scenarios-file", Scenarios(global), "--parallelism", "2", "--results", _folder["results"],
            "--scenario", "agg-tp-1-dp-1-none", "agg-tp-1-dp-1-decode_worker");

        Assert.True(code == 0, output);
        Assert.Contains($"share the Dynamo namespace '{name}': rows run one at a time", output, StringComparison.Ordinal);
        var run = Assert.Single(Directory.GetDirectories(_folder["results"]));
        var spans = new[] { "agg-tp-1-dp-1-none", "agg-tp-1-dp-1-decode_worker" }.Select(row => Span(run, row)).OrderBy(s => s.From).ToArray();
        Assert.True(spans[0].To <= spans[1].From, output);
        Assert.Equal(0, Failed(Row(run, "agg-tp-1-dp-1-none")));
        Assert.True(Failed(Row(run, "agg-tp-1-dp-1-decode_worker")) > 50, output);
    }

    [Fact]
    public async Task Rows_of_two_runs_that_are_forced_together_are_invalid_and_name_each_others_pods()
    {
        var scenarios = Scenarios(global: true);
        string[] rows = ["agg-tp-1-dp-1-none", "agg-tp-1-dp-2-none"];
        foreach (var row in rows)
        {
            await StepAsync("Deploy", row);
        }

        // A load holds the namespace: only one whose process seems to have ended is not waited for.
        using var api = new ClusterApi(cluster.Kubeconfig);
        var first = StepAsync("Load", rows[0]);
        await api.ForgetHolderAsync();
        await Task.WhenAll(first, StepAsync("Load", rows[1]));
        foreach (var row in rows)
        {
            await StepAsync("Collect", row);
        }

        foreach (var row in rows)
        {
            await StepAsync("Teardown", row);
            await cluster.BuildAsync("Parse", "--run", row, "--results", _folder["results"]);
        }

        var graphs = rows.Select(GraphOf).ToArray();
        foreach (var (row, other) in rows.Zip(graphs.Reverse()))
        {
            var result = Row(Path.Combine(_folder["results"], row), row);
            Assert.Equal("Invalid", result.GetProperty("state").GetString());
            Assert.Contains(result.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!), note =>
                note.StartsWith("FT0831", StringComparison.Ordinal) && note.Contains($"(graph {other})", StringComparison.Ordinal));
        }

        async Task StepAsync(string step, string row)
        {
            var (code, output) = await cluster.BuildAsync(
                step, "--run", row, "--scenario", row, "--scenarios-file", scenarios, "--results", _folder["results"]);
            Assert.True(code == 0, $"{step} {row}: {output}");
        }

        string GraphOf(string row) => Timeline(Path.Combine(_folder["results"], row), row)
            .First(item => item.GetProperty("event").GetString() == "deployment.created").GetProperty("name").GetString()!;
    }

    public void Dispose() => _folder.Dispose();

    // The repository's own scenarios, with the global namespace asked for in each service, or one pinned by the profile.
    private string Scenarios(bool global)
    {
        Directory.CreateDirectory(_folder["deployments"]);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "deployments"), "*.yaml"))
        {
            File.Copy(file, Path.Combine(_folder["deployments"], Path.GetFileName(file)), overwrite: true);
        }

        var scenarios = File.ReadAllText(Path.Combine(Repository.Root, "scenarios.json"));
        if (!global)
        {
            return _folder.Write(
                "scenarios.json",
                scenarios.Replace("\"livenessProbe\"", "\"dynamoNamespace\": \"pinned\", \"livenessProbe\"", StringComparison.Ordinal));
        }

        var manifest = Path.Combine(_folder["deployments"], "agg.yaml");
        var text = File.ReadAllText(manifest);
        const string Type = "      componentType:";
        File.WriteAllText(manifest, text.Replace(Type, $"      globalDynamoNamespace: true\n{Type}", StringComparison.Ordinal));
        return _folder.Write("scenarios.json", scenarios);
    }

    private static JsonElement Row(string run, string scenario)
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "summary.json")));
        return summary.RootElement.GetProperty("scenarios").EnumerateArray()
            .Single(row => row.GetProperty("scenario").GetString() == scenario).Clone();
    }

    private static int Failed(JsonElement row) => row.GetProperty("requests").GetProperty("failed").GetInt32();

    private static IEnumerable<JsonElement> Timeline(string run, string scenario) =>
        File.ReadLines(Path.Combine(run, $"test_fault_scenario[{scenario}]", "timeline.jsonl")).Select(l => JsonDocument.Parse(l).RootElement);

    private static (DateTimeOffset From, DateTimeOffset To) Span(string run, string scenario)
    {
        var at = Timeline(run, scenario).Select(item => DateTimeOffset.Parse(
            item.GetProperty("at").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)).ToArray();
        return (at.Min(), at.Max());
    }
}

using System.Globalization;
using System.Text.Json;

namespace EndToEnd;

/// <summary>The stand-in of each engine, aggregated and disaggregated, on the local cluster.</summary>
[Collection(nameof(Alone))]
public sealed class EngineTests
{
    [Fact]
    public async Task Each_engine_runs_its_rows_and_each_fault_is_proven()
    {
        using var folder = new TempFolder();
        var (code, output) = await BuildScript.RunAsync(
            ["FaultMatrix", "--scenarios-file", EngineGraphs.Write(folder), "--results", folder["results"]]);

        Assert.True(code == 0, output);
        var run = Assert.Single(Directory.GetDirectories(folder["results"]));
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run, "summary.json"), TestContext.Current.CancellationToken));
        var rows = summary.RootElement.GetProperty("scenarios").EnumerateArray()
            .ToDictionary(row => row.GetProperty("scenario").GetString()!, row => row.GetProperty("state").GetString(), StringComparer.Ordinal);
        Assert.Equal(2 * EngineGraphs.All.Length, rows.Count);
        foreach (var (name, _, _) in EngineGraphs.All)
        {
            Assert.Equal(("Baseline", "Measured"), (rows[$"{name}-none"], rows[$"{name}-decode_worker"]));
            Assert.Equal("Deployment", Provider(run, $"{name}-none"));
        }
    }

    [Fact]
    public async Task Grove_on_the_local_cluster_makes_the_pods_also_of_several_nodes_and_each_fault_is_proven()
    {
        using var folder = new TempFolder();
        var (code, output) = await BuildScript.RunAsync(
            [
                "FaultMatrix", "--grove", "--scenarios-file", EngineGraphs.Write(folder, "decode_worker_pod", grove: true),
                "--deployment", "vllm-agg", EngineGraphs.Multinode, EngineGraphs.Leases, "--results", folder["results"],
            ]);

        Assert.True(code == 0, output);
        var run = Assert.Single(Directory.GetDirectories(folder["results"]));
        Assert.Contains(Pods(run, "vllm-agg-none"), pod => pod.Contains("-0-decodeworker-", StringComparison.Ordinal));
        var nodes = Pods(run, $"{EngineGraphs.Multinode}-decode_worker_pod");
        Assert.Contains(nodes, pod => pod.Contains("-0-decodeworker-0-decodeworker-ldr-", StringComparison.Ordinal));
        Assert.Contains(nodes, pod => pod.Contains("-0-decodeworker-0-decodeworker-wkr-", StringComparison.Ordinal));
        Assert.StartsWith("PodClique", Provider(run, "vllm-agg-none"), StringComparison.Ordinal);
        AssertAskedAgain(run);
    }

    // What run.json says that the platform had the row's pods made by.
    private static string? Provider(string run, string scenario)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "run.json")));
        return manifest.RootElement.GetProperty("workloadProviders").GetProperty(scenario).GetString();
    }

    // With leases a dead worker costs a request each time that it is asked again, though another one serves all the while.
    private static void AssertAskedAgain(string run)
    {
        List<(DateTimeOffset Sent, bool Ok)> requests =
        [
            .. File.ReadLines(Path.Combine(run, "requests.csv"))
                .Select(line => line.Split(','))
                .Where(cells => cells[0] == $"{EngineGraphs.Leases}-decode_worker_pod" && cells[4] == "after" && cells[6].Length > 0)
                .Select(cells => (DateTimeOffset.Parse(cells[6], CultureInfo.InvariantCulture), cells[13] == "Ok"))
                .OrderBy(request => request.Item1),
        ];
        List<DateTimeOffset> lost = [.. requests.Where(request => !request.Ok).Select(request => request.Sent)];
        Assert.Contains(
            lost.Zip(lost.Skip(1)),
            pair => pair.Second - pair.First > TimeSpan.FromSeconds(0.4)
                && requests.Any(request => request.Ok && request.Sent > pair.First && request.Sent < pair.Second));
    }

    private static List<string> Pods(string run, string scenario) =>
        [.. File.ReadLines(Path.Combine(run, $"test_fault_scenario[{scenario}]", "timeline.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(e => e.GetProperty("event").GetString() == "pod")
            .Select(e => e.GetProperty("pod").GetString()!)
            .Distinct(StringComparer.Ordinal)];
}

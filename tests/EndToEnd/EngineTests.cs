using System.Text.Json;

namespace EndToEnd;

/// <summary>The stand-in of each engine, aggregated and disaggregated, on the local cluster.</summary>
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
        }
    }
}

using System.Text.Json.Nodes;
using RealCluster.Support;

namespace RealCluster;

/// <summary>
/// scenarios-faults.json on a Kubernetes of one node: every kind that it can carry is proven, and what lasts is undone. The others need
/// ephemeral containers, which this version has not, or a network that enforces policies. Without FAULTMATRIX_KINDS=all those are run
/// that hang on the cluster most, one of each family.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FaultRowsTests : IDisposable
{
    private static readonly string[] Some =
        ["stall_process", "evict_pod", "rolling_upgrade", "out_of_memory", "drain_node", "own_command"];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [RealClusterFact]
    public async Task Every_kind_that_this_cluster_can_carry_is_proven_and_undone()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);
        var kinds = ShippedFaults.AllAreWanted ? ShippedFaults.Names.Except(ShippedRows.NotCarried, StringComparer.Ordinal) : Some;
        string[] rows = [.. kinds.Select(kind => $"agg-2-{kind}")];

        var (code, output) = await RunAsync(space, rows);

        // A busy machine may spoil a row's figures (1), and not its proofs.
        Assert.True(code is 0 or 1, output);
        var run = RunSummary.Of(output);
        Assert.Equal(rows.Order(StringComparer.Ordinal), run.Rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows, row =>
        {
            var state = run.Rows[row]["state"]!.GetValue<string>();
            Assert.True(state is "Measured" or "Invalid", $"{row}: {state}\n{output}");
            Assert.All(run.Rows[row]["faults"]!.AsArray(), fault => Assert.True(IsWhole(fault!), $"{row}: {fault!.ToJsonString()}"));
        });
        await space.AssertNothingLeftAsync();
    }

    [RealClusterFact]
    public async Task Kind_that_this_cluster_cannot_carry_says_why_and_leaves_nothing()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);

        var (code, output) = await RunAsync(space, ["agg-2-latency"]);

        Assert.True(code is not 0, output);
        Assert.Contains("FT0630", output, StringComparison.Ordinal);
        Assert.Contains("ephemeral containers", output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("nothing is deployed", output, StringComparison.Ordinal);
        await space.AssertNothingLeftAsync();
    }

    private Task<(int ExitCode, string Output)> RunAsync(TestNamespace space, string[] rows) =>
        BuildScript.RunAsync([
            "FaultMatrix", "--scenarios-file", _temp.Write("scenarios.json", ShippedRows.Text(space.Name)),
            "--scenario", .. rows, "--kubeconfig", RealClusterFactAttribute.Kubeconfig!,
            "--namespace", space.Name, "--parallelism", "3",
        ]);

    private static bool IsWhole(JsonNode fault) =>
        fault["proofs"]!.AsArray().Count > 0 && (!fault["lasts"]!.GetValue<bool>() || fault["undone"]!.AsArray().Count > 0);
}

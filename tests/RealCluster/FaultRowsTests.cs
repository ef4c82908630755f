using System.Text.Json;
using System.Text.Json.Nodes;
using RealCluster.Support;

namespace RealCluster;

/// <summary>
/// scenarios-faults.json on a Kubernetes of one node: every kind that it can carry is proven, and what lasts is undone. The others need
/// ephemeral containers, which this version has not, or a network that enforces policies. Without FAULTMATRIX_KINDS=all those are run
/// that hang on the cluster most, two of each family.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FaultRowsTests : IDisposable
{
    private static readonly string[] Ephemeral = ["latency", "loss", "bandwidth", "reset", "black_hole", "dns_failure"];
    private static readonly string[] Policies = ["partition"];
    private static readonly string[] Some =
        ["stall_process", "evict_pod", "scale", "rolling_upgrade", "out_of_memory", "disk_fill", "drain_node", "own_command"];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [RealClusterFact]
    public async Task Every_kind_that_this_cluster_can_carry_is_proven_and_undone()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);
        var all = Environment.GetEnvironmentVariable("FAULTMATRIX_KINDS") == "all";
        var kinds = all ? Kinds().Except([.. Ephemeral, .. Policies], StringComparer.Ordinal) : Some;
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
        Assert.Contains("ephemeral containers", output, StringComparison.OrdinalIgnoreCase);
        await space.AssertNothingLeftAsync();
    }

    // The operator stands in the test's own namespace, not in the platform's.
    private Task<(int ExitCode, string Output)> RunAsync(TestNamespace space, string[] rows) =>
        BuildScript.RunAsync([
            "FaultMatrix", "--scenarios-file", _temp.Write("scenarios.json", Shipped()
                .Replace("\"dynamo-system\"", $"\"{space.Name}\"", StringComparison.Ordinal)
                .Replace("\"deployments/", $"\"{Repository.Root}/deployments/", StringComparison.Ordinal)),
            "--scenario", .. rows, "--kubeconfig", RealClusterFactAttribute.Kubeconfig!,
            "--namespace", space.Name, "--parallelism", "2",
        ]);

    private static bool IsWhole(JsonNode fault) =>
        fault["proofs"]!.AsArray().Count > 0 && (!fault["lasts"]!.GetValue<bool>() || fault["undone"]!.AsArray().Count > 0);

    private static string Shipped() => File.ReadAllText(Path.Combine(Repository.Root, "scenarios-faults.json"));

    private static IEnumerable<string> Kinds()
    {
        using var file = JsonDocument.Parse(Shipped(), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        return [.. file.RootElement.GetProperty("failures").EnumerateObject().Select(failure => failure.Name)];
    }
}

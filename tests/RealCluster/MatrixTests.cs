using RealCluster.Support;

namespace RealCluster;

/// <summary>Rows of the matrix on the real cluster, and the same rows on the local one.</summary>
[Collection(nameof(Alone))]
public sealed class MatrixTests
{
    // Process kill, pod deletion and engine core; aggregated and disaggregated; one replica and two.
    private static readonly string[] OnBoth =
    [
        "agg-tp-1-dp-1-decode_worker", "agg-tp-1-dp-2-decode_worker_pod", "disagg-tp-1-dp-1-vllm_prefill_engine_core",
        "disagg-tp-1-dp-2-frontend",
    ];

    private static readonly string[] Others =
    [
        "agg-v1beta1-decode_worker",
        "plain-agg-decode_worker",
        "plain-agg-frontend_pod",
        "plain-disagg-vllm_prefill_engine_core",
    ];

    [RealClusterFact]
    public async Task FaultMatrix_rows_agree_with_those_of_the_local_cluster()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);

        var real = await RunAsync(OnBoth, space);
        await space.AssertNothingLeftAsync();
        var local = await RunAsync(OnBoth, null);

        // To the console, so that it stands in CI's log when everything agrees, too.
        foreach (var row in OnBoth)
        {
            await Console.Out.WriteLineAsync(
                $"{row}: {(real.ClassOf(row) == local.ClassOf(row) ? "the same on both clusters" : "DIFFERENT")}\n"
                    + $"  real   {real.Describe(row)}\n  local  {local.Describe(row)}"
            );
        }

        Assert.Equal(OnBoth.Select(row => $"{row}: {local.ClassOf(row)}"), OnBoth.Select(row => $"{row}: {real.ClassOf(row)}"));
        Assert.Equal(
            OnBoth.Select(row => $"{row}: {string.Join(", ", local.EventsOf(row))}"),
            OnBoth.Select(row => $"{row}: {string.Join(", ", real.EventsOf(row))}")
        );
    }

    [RealClusterFact]
    public async Task FaultMatrix_newer_form_and_plain_graphs_are_measured()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);

        var run = await RunAsync(Others, space);

        Assert.All(Others, row => Assert.StartsWith("Measured", run.ClassOf(row), StringComparison.Ordinal));
        await space.AssertNothingLeftAsync();
    }

    private static async Task<RunSummary> RunAsync(string[] rows, TestNamespace? space)
    {
        // Two cores carry two real graphs at a time; four would make the load generator late, and the rows invalid.
        string[] where = space is null
            ? []
            : ["--kubeconfig", RealClusterFactAttribute.Kubeconfig!, "--namespace", space.Name, "--parallelism", "2"];
        var (code, output) = await BuildScript.RunAsync(["FaultMatrix", "--scenario", .. rows, .. where]);
        Assert.True(code == 0, output);
        var run = RunSummary.Of(output);
        Assert.Equal(rows.Order(StringComparer.Ordinal), run.Rows.Keys.Order(StringComparer.Ordinal));
        run.AssertBooksAddUp();
        return run;
    }
}

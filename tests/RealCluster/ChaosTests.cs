using RealCluster.Support;

namespace RealCluster;

/// <summary>The matrix behind an API that drops, delays, refuses and forgets.</summary>
[Collection(nameof(Alone))]
public sealed class ChaosTests(ITestOutputHelper log)
{
    private static readonly string[] Rows =
    [
        "agg-tp-1-dp-1-decode_worker",
        "agg-tp-1-dp-1-frontend_pod",
        "agg-tp-1-dp-1-vllm_decode_engine_core",
    ];

    [RealClusterFact]
    public async Task FaultMatrix_behind_a_spoilt_API_measures_or_says_so_and_loses_no_request()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);
        await using var proxy = ChaosProxy.Start(RealClusterFactAttribute.Kubeconfig!, seed: 20260, share: 0.15);
        var kubeconfig = space.WriteKubeconfig("not-used-by-the-proxy", proxy.Address);
        var (code, output) = await BuildScript.RunAsync([
            "FaultMatrix",
            "--scenario",
            .. Rows,
            "--kubeconfig",
            kubeconfig,
            "--namespace",
            space.Name,
        ]);
        log.WriteLine(output);
        log.WriteLine($"{proxy.Spoilt} calls spoilt");

        Assert.True(proxy.Spoilt > 5, $"only {proxy.Spoilt} calls were spoilt: this proves nothing");
        Assert.True(code is 0 or 1, output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        var run = RunSummary.Of(output);
        run.AssertBooksAddUp();
        Assert.All(Rows, row => Assert.Contains(row, run.Rows.Keys));

        // Measured, or marked; and a run with a marked row is no success.
        var marked = Rows.Where(row => !run.ClassOf(row).StartsWith("Measured", StringComparison.Ordinal)).ToList();
        Assert.Equal(marked.Count > 0, code == 1);
        await space.AssertNothingLeftAsync();
    }

    [RealClusterFact]
    public async Task FaultMatrix_over_a_restart_of_the_API_server_measures_or_says_so_and_loses_no_request()
    {
        await using var space = await TestNamespace.CreateAsync();
        await using var proxy = ChaosProxy.Start(RealClusterFactAttribute.Kubeconfig!, seed: 1, share: 0);
        await using var script = BuildScript.Start([
            "FaultMatrix",
            "--scenario",
            "plain-agg-decode_worker",
            "--kubeconfig",
            space.WriteKubeconfig("not-used-by-the-proxy", proxy.Address),
            "--namespace",
            space.Name,
        ]);

        await script.SeesAsync(line => line.Contains("Load started", StringComparison.Ordinal));
        await proxy.RestartAsync(TimeSpan.FromSeconds(4));
        var code = await script.WaitAsync();

        log.WriteLine(script.Output);
        Assert.True(code is 0 or 1, script.Output);
        Assert.DoesNotContain("   at ", script.Output, StringComparison.Ordinal);
        var run = RunSummary.Of(script.Output);
        run.AssertBooksAddUp();
        Assert.Equal(code == 0, run.ClassOf("plain-agg-decode_worker").StartsWith("Measured", StringComparison.Ordinal));
        await space.AssertNothingLeftAsync();
    }
}

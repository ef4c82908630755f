using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>A run's plan holds through all of its phases, processes and commands, on a real local cluster.</summary>
public sealed class RealPlanTests(LocalCluster cluster) : IClassFixture<LocalCluster>, IDisposable
{
    private readonly OwnRuns _runs = new(cluster);

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Edit_between_phases_changes_nothing_and_another_option_is_refused()
    {
        await _runs.StepAsync("Deploy", "--scenario", OwnRuns.Row);
        await _runs.SpoilAsync();

        var (exitCode, output) = await _runs.RunAsync("Load", "--scenario", OwnRuns.Row, "--seed", "9");
        Assert.True(exitCode == 2, output);
        Assert.Contains("FT0120: run '", output, StringComparison.Ordinal);
        Assert.Contains("--seed is 9, and was 1", output, StringComparison.Ordinal);

        await _runs.StepAsync("Load+Inject", "--scenario", OwnRuns.Row);
        await _runs.StepAsync("Collect");
        await _runs.StepAsync("Parse");
        await _runs.StepAsync("Teardown", "--scenario", OwnRuns.Row);

        Assert.Equal(("Measured", 40), _runs.RowOf(OwnRuns.Row));
        Assert.Empty(await cluster.LeftoversAsync());
    }

    // With one row at a time and with two, each in a namespace of its own.
    [Fact]
    public Task Edit_in_the_middle_of_a_run_changes_nothing() =>
        Task.WhenAll(SpoilAsync(1, LocalCluster.Namespace), SpoilAsync(2, LocalCluster.Beside));

    // Another run would take the graph under its load for a leftover.
    [Fact]
    public async Task Load_alone_holds_the_namespace_and_gives_it_back()
    {
        await _runs.StepAsync("Deploy", "--load-profile", "slow", "--scenario", OwnRuns.Row);
        Assert.Null(await cluster.HolderAsync());
        using var load = _runs.Start("Load", "--scenario", OwnRuns.Row);
        await load.UntilAsync(() => _runs.Own.Loading == 1);

        Assert.EndsWith($", run {Path.GetFileName(Assert.Single(_runs.Own.Runs))}", await cluster.HolderAsync(), StringComparison.Ordinal);
        foreach (var words in new string[][] { ["FaultMatrix", "--scenario", "own-none"], ["Teardown"] })
        {
            var (exitCode, output) = await _runs.RunAsync(words);
            Assert.True(exitCode == 3, output);
            Assert.Contains("FT0315", output, StringComparison.Ordinal);
        }

        Assert.True(await load.EndAsync() == 0, load.Output);
        Assert.Null(await cluster.HolderAsync());
        await _runs.StepAsync("Teardown");
    }

    [Fact]
    public async Task Parse_of_a_run_that_is_not_there_is_a_users_mistake()
    {
        var (exitCode, output) = await _runs.RunAsync("Parse", "--run", "r9");
        Assert.True(exitCode == 2, output);
        Assert.Contains("FT0122: There is no run 'r9' in ", output, StringComparison.Ordinal);
    }

    private async Task SpoilAsync(int nodes, string ns)
    {
        using var runs = new OwnRuns(cluster, ns);
        using var run = runs.Start("FaultMatrix", "--parallelism", $"{nodes}", "--scenario", "own-none", OwnRuns.Row);
        await run.UntilAsync(() => runs.Own.Reached("Deploy", "started") > 0);
        await runs.SpoilAsync();

        Assert.True(await run.EndAsync() == 0, run.Output);
        Assert.Equal(("Baseline", 40), runs.RowOf("own-none"));
        Assert.Equal(("Measured", 40), runs.RowOf(OwnRuns.Row));
    }
}

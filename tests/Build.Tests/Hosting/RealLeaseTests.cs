using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>A run that loses its namespace, or a worker of its engine, on a real local cluster.</summary>
public sealed class RealLeaseTests(LocalCluster cluster) : IClassFixture<LocalCluster>, IDisposable
{
    private readonly OwnRuns _runs = new(cluster);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _runs.Dispose();

    // With one row at a time and with two, each in a namespace of its own.
    [Fact]
    public Task Namespace_that_somebody_takes_in_mid_load_is_told_at_once_and_its_rows_are_invalid() =>
        Task.WhenAll(TakeAsync(1, LocalCluster.Namespace), TakeAsync(2, LocalCluster.Beside));

    [Fact]
    public async Task Worker_of_the_engine_that_is_killed_is_cleaned_up_after_and_the_lease_goes_last()
    {
        using var run = _runs.Start("FaultMatrix", "--parallelism", "2", "--scenario", "own-none", "own-missed", OwnRuns.Row);
        await run.UntilAsync(() => _runs.Own.Reached("Teardown", "done") > 0 && _runs.Own.Reached("Load", "started") > 2);
        foreach (var worker in EngineWorkers.Of(run.Id))
        {
            await EngineWorkers.KillAsync(worker);
        }

        var end = run.EndAsync();
        while (!end.IsCompleted)
        {
            // The lease is looked at first: a graph that is seen after it was gone is one that nobody guards.
            var (holder, graphs) = (await cluster.HolderAsync(), await cluster.LeftoversAsync());
            Assert.True(holder is not null || graphs.Count == 0, $"no lease, and still there: {string.Join(", ", graphs)}");
            await Task.WhenAny(end, Task.Delay(50, Cancellation));
        }

        Assert.True(await end == 1, run.Output);
        Assert.Contains("FT0903", run.Output, StringComparison.Ordinal);
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Null(await cluster.HolderAsync());
        Assert.Contains(
            new[] { "own-none", "own-missed", OwnRuns.Row }.Select(_runs.RowOf),
                row => row.State is "Baseline" or "Measured" or "Unproven");
        Assert.Matches(@"│ +\w+ +│", run.Output);
    }

    private async Task TakeAsync(int nodes, string ns)
    {
        using var runs = new OwnRuns(cluster, ns);
        using var run = runs.Start(
            "FaultMatrix", "--parallelism", $"{nodes}", "--load-profile", "slow", "--scenario", "own-none", OwnRuns.Row);
        await run.UntilAsync(() => runs.Own.Loading == nodes);
        await cluster.TakeOverAsync("eve@elsewhere, process 1, run r9", ns);
        try
        {
            await run.UntilAsync(() => run.Output.Contains("FT0321", StringComparison.Ordinal));
            // Of two rows the first may have been near its end already.
            Assert.True(nodes == 2 || runs.Own.Reached("Collect", "started") == 0, run.Output);

            // The next row is not deployed into a namespace that is somebody else's.
            Assert.True(await run.EndAsync() == (nodes == 1 ? 3 : 1), run.Output);
            Assert.Equal("Invalid", runs.RowOf("own-none").State);
            Assert.Equal(nodes == 1 ? "Failed" : "Invalid", runs.RowOf(OwnRuns.Row).State);
            Assert.Contains("was taken by eve@elsewhere", run.Output, StringComparison.Ordinal);
            Assert.Empty(await cluster.LeftoversAsync(ns));
            // It is eve's now.
            Assert.Equal("eve@elsewhere, process 1, run r9", await cluster.HolderAsync(ns));
        }
        finally
        {
            await cluster.FreeAsync(ns);
        }
    }
}

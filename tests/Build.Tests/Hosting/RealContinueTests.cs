using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>A run that was killed is gone on with where it stood, on a real local cluster.</summary>
public sealed class RealContinueTests(LocalCluster cluster) : IClassFixture<LocalCluster>, IDisposable
{
    private readonly OwnRuns _runs = new(cluster);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Continue_of_a_run_that_was_killed_in_Collect_collects_and_removes_and_sends_nothing_again()
    {
        using (var run = _runs.Start("FaultMatrix", "--parallelism", "1", "--scenario", OwnRuns.Row))
        {
            await run.UntilAsync(() => _runs.Own.Ended > 0);
            await cluster.FreezeAsync(still: true);
            try
            {
                await run.UntilAsync(() => _runs.Own.Reached("Collect", "started") > 0);
                await run.SignalAsync("KILL");
                Assert.Equal(137, await run.EndAsync());
            }
            finally
            {
                await cluster.FreezeAsync(still: false);
            }
        }

        Assert.Equal(0, _runs.Own.Reached("Collect", "done"));
        // Until then it is no result.
        var (exitCode, output) = await _runs.RunAsync("Parse");
        Assert.True(exitCode == 1, output);
        Assert.Contains("FT0832: the collecting of its pods' artefacts was begun and not ended", output, StringComparison.Ordinal);
        var sent = await File.ReadAllBytesAsync(_runs.ClientLog, Cancellation);

        await _runs.StepAsync("FaultMatrix", "--continue");

        Assert.Equal(("Measured", 40), _runs.RowOf(OwnRuns.Row));
        Assert.Equal(sent, await File.ReadAllBytesAsync(_runs.ClientLog, Cancellation));
        Assert.NotEmpty(Directory.GetFiles(Path.GetDirectoryName(_runs.ClientLog)!, "*.log", SearchOption.AllDirectories));
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Null(await cluster.HolderAsync());
    }

    [Fact]
    public async Task Continue_of_a_run_that_was_killed_in_Parse_parses_and_runs_nothing_again()
    {
        var (log, aside) = ("", Path.Combine(_runs.Own.Folder, "aside"));
        using (var run = _runs.Start("FaultMatrix", "--parallelism", "1", "--scenario", OwnRuns.Row))
        {
            await run.UntilAsync(() => _runs.Own.Reached("Collect", "started") > 0);
            log = _runs.ClientLog;
            // A file that nobody writes holds the reader where it is.
            File.Move(log, aside);
            Assert.Equal(0, (await StartedProgram.RunAsync(["mkfifo", log], _runs.Own.Folder)).ExitCode);
            var reading = Task.Run(() => new FileStream(log, FileMode.Open, FileAccess.Write), Cancellation);
            await using (await reading.WaitAsync(Limit, Cancellation))
            {
                await run.SignalAsync("KILL");
                Assert.Equal(137, await run.EndAsync());
            }
        }

        File.Delete(log);
        File.Move(aside, log);
        Assert.False(File.Exists(Path.Combine(Assert.Single(_runs.Own.Runs), "summary.json")));
        Assert.NotNull(await cluster.HolderAsync());

        await _runs.StepAsync("FaultMatrix", "--continue");

        Assert.Equal(("Measured", 40), _runs.RowOf(OwnRuns.Row));
        Assert.Equal((1, 1), (_runs.Own.Reached("Deploy", "done"), _runs.Own.Reached("Teardown", "done")));
        Assert.False(Directory.Exists(Path.Combine(Assert.Single(_runs.Own.Runs), "superseded")));
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Null(await cluster.HolderAsync());
    }

    [Fact]
    public async Task Continue_of_a_row_whose_graph_is_gone_runs_it_again()
    {
        await _runs.StepAsync("Deploy", "--scenario", OwnRuns.Row);
        await _runs.StepAsync("Load+Inject", "--scenario", OwnRuns.Row);
        await _runs.StepAsync("Teardown");

        await _runs.StepAsync("FaultMatrix", "--continue");

        Assert.Equal(("Measured", 40), _runs.RowOf(OwnRuns.Row));
        var run = Assert.Single(_runs.Own.Runs);
        Assert.True(Directory.Exists(Path.Combine(run, "superseded", "1", $"test_fault_scenario[{OwnRuns.Row}]")));
    }
}

using System.Text.Json;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>A run's plan holds through all of its phases, processes and commands, on a real local cluster.</summary>
public sealed class RealPlanTests(LocalCluster cluster) : IClassFixture<LocalCluster>, IDisposable
{
    private const string Row = "own-decode_worker";
    private readonly OwnScenarios _own = new();

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ClientLog => Directory.GetFiles(Assert.Single(_own.Runs), "client_0.log.txt", SearchOption.AllDirectories).Single();

    public void Dispose() => _own.Dispose();

    [Fact]
    public async Task Edit_between_phases_changes_nothing_and_another_option_is_refused()
    {
        await StepAsync("Deploy", "--scenario", Row);
        await SpoilAsync();

        var (exitCode, output) = await RunAsync("Load", "--scenario", Row, "--seed", "9");
        Assert.True(exitCode == 2, output);
        Assert.Contains("FT0120: run '", output, StringComparison.Ordinal);
        Assert.Contains("--seed is 9, and was 1", output, StringComparison.Ordinal);

        await StepAsync("Load+Inject", "--scenario", Row);
        await StepAsync("Collect");
        await StepAsync("Parse");
        await StepAsync("Teardown", "--scenario", Row);

        Assert.Equal(("Measured", 40), RowOf(Row));
        Assert.Empty(await cluster.LeftoversAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Edit_in_the_middle_of_a_run_changes_nothing(int nodes)
    {
        using var run = Start("FaultMatrix", "--parallelism", $"{nodes}", "--scenario", "own-none", Row);
        await run.UntilAsync(() => _own.Reached("Deploy", "started") > 0);
        await SpoilAsync();

        Assert.True(await run.EndAsync() == 0, run.Output);
        Assert.Equal(("Baseline", 40), RowOf("own-none"));
        Assert.Equal(("Measured", 40), RowOf(Row));
    }

    [Fact]
    public async Task Continue_of_a_row_that_was_not_collected_collects_and_removes_it_and_sends_nothing_again()
    {
        // As a kill in Collect leaves it.
        await StepAsync("Deploy", "--scenario", Row);
        await StepAsync("Load+Inject", "--scenario", Row);
        var (exitCode, output) = await RunAsync("Parse");
        Assert.True(exitCode == 1, output);
        Assert.Contains("FT0832: the artefacts of its pods were not collected yet", output, StringComparison.Ordinal);
        var log = Directory.GetFiles(Assert.Single(_own.Runs), "client_0.log.txt", SearchOption.AllDirectories).Single();
        var sent = await File.ReadAllBytesAsync(log, Cancellation);

        (exitCode, output) = await RunAsync("FaultMatrix", "--continue");

        Assert.True(exitCode == 0, output);
        Assert.Equal(("Measured", 40), RowOf(Row));
        Assert.Equal(sent, await File.ReadAllBytesAsync(log, Cancellation));
        Assert.NotEmpty(Directory.GetFiles(Path.GetDirectoryName(log)!, "*.log", SearchOption.AllDirectories));
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Null(await cluster.HolderAsync());
    }

    [Fact]
    public async Task Continue_of_a_run_that_was_killed_in_Collect_collects_and_removes_and_sends_nothing_again()
    {
        using (var run = Start("FaultMatrix", "--parallelism", "1", "--scenario", Row))
        {
            await run.UntilAsync(() => _own.Ended > 0);
            await cluster.FreezeAsync(still: true);
            try
            {
                await run.UntilAsync(() => _own.Reached("Collect", "started") > 0);
                await run.SignalAsync("KILL");
                Assert.Equal(137, await run.EndAsync());
            }
            finally
            {
                await cluster.FreezeAsync(still: false);
            }
        }

        Assert.Equal(0, _own.Reached("Collect", "done"));
        var sent = await File.ReadAllBytesAsync(ClientLog, Cancellation);

        await StepAsync("FaultMatrix", "--continue");

        Assert.Equal(("Measured", 40), RowOf(Row));
        Assert.Equal(sent, await File.ReadAllBytesAsync(ClientLog, Cancellation));
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Null(await cluster.HolderAsync());
    }

    [Fact]
    public async Task Continue_of_a_run_that_was_killed_in_Parse_parses_and_runs_nothing_again()
    {
        var (log, aside) = ("", Path.Combine(_own.Folder, "aside"));
        using (var run = Start("FaultMatrix", "--parallelism", "1", "--scenario", Row))
        {
            await run.UntilAsync(() => _own.Reached("Collect", "started") > 0);
            log = ClientLog;
            // A file that nobody writes holds the reader where it is.
            File.Move(log, aside);
            Assert.Equal(0, (await StartedProgram.RunAsync(["mkfifo", log], _own.Folder)).ExitCode);
            var reading = Task.Run(() => new FileStream(log, FileMode.Open, FileAccess.Write), Cancellation);
            await using (await reading.WaitAsync(Limit, Cancellation))
            {
                await run.SignalAsync("KILL");
                Assert.Equal(137, await run.EndAsync());
            }
        }

        File.Delete(log);
        File.Move(aside, log);
        Assert.False(File.Exists(Path.Combine(Assert.Single(_own.Runs), "summary.json")));
        Assert.NotNull(await cluster.HolderAsync());

        await StepAsync("FaultMatrix", "--continue");

        Assert.Equal(("Measured", 40), RowOf(Row));
        Assert.Equal((1, 1), (_own.Reached("Deploy", "done"), _own.Reached("Teardown", "done")));
        Assert.False(Directory.Exists(Path.Combine(Assert.Single(_own.Runs), "superseded")));
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Null(await cluster.HolderAsync());
    }

    [Fact]
    public async Task Continue_of_a_row_whose_graph_is_gone_runs_it_again()
    {
        await StepAsync("Deploy", "--scenario", Row);
        await StepAsync("Load+Inject", "--scenario", Row);
        await StepAsync("Teardown");

        await StepAsync("FaultMatrix", "--continue");

        Assert.Equal(("Measured", 40), RowOf(Row));
        Assert.True(Directory.Exists(Path.Combine(Assert.Single(_own.Runs), "superseded", "1", $"test_fault_scenario[{Row}]")));
    }

    // Another run would take the graph under its load for a leftover.
    [Fact]
    public async Task Load_alone_holds_the_namespace_and_gives_it_back()
    {
        await StepAsync("Deploy", "--load-profile", "slow", "--scenario", Row);
        Assert.Null(await cluster.HolderAsync());
        using var load = Start("Load", "--scenario", Row);
        await load.UntilAsync(() => _own.Loading == 1);

        Assert.EndsWith($", run {Path.GetFileName(Assert.Single(_own.Runs))}", await cluster.HolderAsync(), StringComparison.Ordinal);
        foreach (var words in new string[][] { ["FaultMatrix", "--scenario", "own-none"], ["Teardown"] })
        {
            var (exitCode, output) = await RunAsync(words);
            Assert.True(exitCode == 3, output);
            Assert.Contains("FT0315", output, StringComparison.Ordinal);
        }

        Assert.True(await load.EndAsync() == 0, load.Output);
        Assert.Null(await cluster.HolderAsync());
        await StepAsync("Teardown");
    }

    [Fact]
    public async Task Parse_of_a_run_that_is_not_there_is_a_users_mistake()
    {
        var (exitCode, output) = await RunAsync("Parse", "--run", "r9");
        Assert.True(exitCode == 2, output);
        Assert.Contains("FT0122: There is no run 'r9' in ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Namespace_that_somebody_takes_in_mid_load_is_told_at_once_and_its_rows_are_invalid(int nodes)
    {
        using var run = Start(
            "FaultMatrix", "--parallelism", $"{nodes}", "--load-profile", "slow", "--scenario", "own-none", Row);
        await run.UntilAsync(() => _own.Loading == nodes);
        await cluster.TakeOverAsync("eve@elsewhere, process 1, run r9");
        try
        {
            await run.UntilAsync(() => run.Output.Contains("FT0321", StringComparison.Ordinal));
            // Of two rows the first may have been near its end already.
            Assert.True(nodes == 2 || _own.Reached("Collect", "started") == 0, run.Output);

            // The next row is not deployed into a namespace that is somebody else's.
            Assert.True(await run.EndAsync() == (nodes == 1 ? 3 : 1), run.Output);
            Assert.Equal("Invalid", RowOf("own-none").State);
            Assert.Equal(nodes == 1 ? "Failed" : "Invalid", RowOf(Row).State);
            Assert.Contains("was taken by eve@elsewhere", run.Output, StringComparison.Ordinal);
            Assert.Empty(await cluster.LeftoversAsync());
            // It is eve's now.
            Assert.Equal("eve@elsewhere, process 1, run r9", await cluster.HolderAsync());
        }
        finally
        {
            await cluster.FreeAsync();
        }
    }

    [Fact]
    public async Task Worker_of_the_engine_that_is_killed_is_cleaned_up_after_and_the_lease_goes_last()
    {
        using var run = Start("FaultMatrix", "--parallelism", "2", "--scenario", "own-none", "own-missed", Row);
        await run.UntilAsync(() => _own.Reached("Teardown", "done") > 0 && _own.Reached("Load", "started") > 2);
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
        Assert.Contains(new[] { "own-none", "own-missed", Row }.Select(RowOf), row => row.State is "Baseline" or "Measured" or "Unproven");
        Assert.Matches(@"│ +\w+ +│", run.Output);
    }

    private (string State, int Planned) RowOf(string scenario)
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(Assert.Single(_own.Runs), "summary.json")));
        var row = summary.RootElement.GetProperty("scenarios").EnumerateArray().Single(r => r.GetProperty("scenario").GetString() == scenario);
        var planned = row.GetProperty("requests").GetProperty("planned");
        return (row.GetProperty("state").GetString()!, planned.ValueKind == JsonValueKind.Number ? planned.GetInt32() : 0);
    }

    // Whatever is read of these from now on is not what was asked for.
    private async Task SpoilAsync()
    {
        await File.WriteAllTextAsync(_own.ScenariosFile, "{ \"deployments\": {} }", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(_own.Folder, "graph.yaml"), "kind: Nothing\n", Cancellation);
    }

    private async Task StepAsync(params string[] words)
    {
        var (exitCode, output) = await RunAsync(words);
        Assert.True(exitCode == 0, $"{string.Join(' ', words)}: exit code {exitCode}: {output}");
    }

    private string[] Words(params string[] words) =>
        [
            "dotnet",
            "exec",
            Path.Combine(AppContext.BaseDirectory, "faultmatrix.dll"),
            .. words,
            "--root",
            Repository.Root,
            .. _own.On(cluster),
        ];

    private StartedProgram Start(params string[] words) => new(Words(words), _own.Folder);

    private Task<(int ExitCode, string Output)> RunAsync(params string[] words) => StartedProgram.RunAsync(Words(words), _own.Folder);
}

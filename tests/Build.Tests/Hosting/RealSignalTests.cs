using System.Diagnostics;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>Real signals to real runs through <c>build.sh</c>, in every phase; then looks for pods, graphs, processes and files.</summary>
public sealed class RealSignalTests(LocalCluster cluster) : IClassFixture<LocalCluster>, IDisposable
{
    private static readonly string[] Scenarios = ["own-none", "own-decode_worker"];
    private readonly OwnScenarios _own = new();

    public void Dispose() => _own.Dispose();

    // After Teardown comes Parse, which the timeline of a scenario does not tell of. Each namespace has its run, at the same time. Every
    // signal in every phase, with one row and with several, is FrontProcessTests', without the real tasks.
    [Theory]
    [InlineData("Deploy", "Load", "started")]
    [InlineData("Inject", "Collect", "started")]
    [InlineData("Teardown", "Teardown", "done")]
    public Task Signal_in_any_phase_leaves_nothing(string phase, string other, string state) =>
        Task.WhenAll(
            SignalAsync(phase, "started", "INT", 1, LocalCluster.Namespace), SignalAsync(other, state, "TERM", 2, LocalCluster.Beside));

    [Fact]
    public async Task Killed_run_is_found_by_the_next_one_which_says_so_and_removes_it()
    {
        await KillAsync();
        var (exitCode, output) = await RunAsync("FaultMatrix", "--scenario", "own-none");
        Assert.True(exitCode == 0, output);
        Assert.Matches(@"An earlier run left .*ft-own-.* in namespace 'fault-matrix': removed\.", output);
        Assert.Empty(await cluster.LeftoversAsync());
    }

    [Fact]
    public async Task Killed_run_is_removed_by_Teardown_alone()
    {
        await KillAsync();
        var (exitCode, output) = await RunAsync("Teardown");
        Assert.True(exitCode == 0, output);
        Assert.Matches(@"Removed .*ft-own-.* in namespace 'fault-matrix'\.", output);
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Null(await cluster.HolderAsync());

        (exitCode, output) = await RunAsync("Teardown");
        Assert.True(exitCode == 0, output);
        Assert.Contains("Nothing to remove in namespace 'fault-matrix'.", output, StringComparison.Ordinal);
    }

    // It would wait for its front a quarter of an hour.
    [Fact]
    public async Task Worker_whose_front_is_killed_before_it_spoke_to_it_ends()
    {
        IReadOnlyList<int> workers = [];
        using var run = Start(["FaultMatrix", "--parallelism", "2", "--scenario", .. Scenarios]);
        await run.UntilAsync(() => (workers = EngineWorkers.Of(run.Id)).Count > 0);
        await run.SignalAsync("KILL");
        Assert.Equal(137, await run.EndAsync());

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (await SessionAsync(run.Id) is { Length: > 0 } left)
        {
            Assert.False(limit.IsCancellationRequested, $"workers {string.Join(", ", workers)}, still there: {left}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        }

        Assert.All(workers, worker => Assert.False(File.Exists($"/tmp/MSBuild{worker}"), $"/tmp/MSBuild{worker} is left"));
    }

    private static async Task<string> SessionAsync(int session)
    {
        using var list = Process.Start(
            new ProcessStartInfo("ps", ["-o", "stat=,args=", "-s", $"{session}"]) { UseShellExecute = false, RedirectStandardOutput = true }
        )!;
        var text = await list.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await list.WaitForExitAsync(TestContext.Current.CancellationToken);
        // What has ended and was orphaned waits for the machine's first process to take note.
        return string.Join('\n', text.Split('\n').Where(l => l.Length > 0 && !l.StartsWith('Z')));
    }

    private async Task SignalAsync(string phase, string state, string signal, int nodes, string ns)
    {
        using var own = new OwnScenarios();
        // Other tests of this checkout have folders of their own at the same time: a run is looked at for what is its own.
        var temporary = Directory.CreateDirectory(Path.Combine(own.Folder, "tmp")).FullName;
        using var run = new StartedProgram(
            [
                "bash", Path.Combine(Repository.Root, "build.sh"), "FaultMatrix", "--parallelism", $"{nodes}",
                "--scenario", .. Scenarios.TakeLast(nodes), .. own.On(cluster, ns),
            ],
            own.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = temporary }
        );
        await run.UntilAsync(() => own.Reached(phase, state) > 0);
        await run.SignalAsync(signal);

        var exitCode = await run.EndAsync();
        Assert.True(exitCode == (signal == "INT" ? 130 : 143), run.Output);
        Assert.Empty(await cluster.LeftoversAsync(ns));
        Assert.Equal("", await SessionAsync(run.Id));
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Repository.Root, ".nuke", "temp"), $"local-{run.Id}*"));
        Assert.Empty(Directory.GetFileSystemEntries(own.Results, "*.new", SearchOption.AllDirectories));
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        // Every graph that was begun was removed by a teardown that says so.
        Assert.InRange(own.Reached("Teardown", "done"), own.Reached("Deploy", "started"), nodes);
    }

    private async Task KillAsync()
    {
        using var run = Start("FaultMatrix", "--load-profile", "endless", "--parallelism", "1", "--scenario", "own-none");
        await run.UntilAsync(() => _own.Loading == 1);
        await run.SignalAsync("KILL");
        Assert.Equal(137, await run.EndAsync());
        Assert.NotEmpty(await cluster.LeftoversAsync());
    }

    private string[] Words(params IReadOnlyList<string> words) =>
        [
            "bash",
            Path.Combine(Repository.Root, "build.sh"),
            .. words,
            .. _own.On(cluster),
        ];

    private StartedProgram Start(params IReadOnlyList<string> words) => new(Words(words), _own.Folder);

    private Task<(int ExitCode, string Output)> RunAsync(params IReadOnlyList<string> words) =>
        StartedProgram.RunAsync(Words(words), _own.Folder);
}

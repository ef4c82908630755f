using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>The targets without the front: <c>dotnet msbuild</c> on a real local cluster.</summary>
public sealed class PlainMsbuildTests(LocalCluster cluster) : IClassFixture<LocalCluster>, IDisposable
{
    private static readonly string Matrix = Path.Combine(Repository.Root, "build", "matrix.proj");
    private readonly OwnScenarios _own = new();

    public void Dispose() => _own.Dispose();

    [Theory]
    [InlineData("Deploy", "started", 1)]
    [InlineData("Inject", "started", 2)]
    [InlineData("Collect", "started", 1)]
    [InlineData("Teardown", "started", 2)]
    [InlineData("Teardown", "done", 1)]
    public async Task Interrupt_of_plain_msbuild_in_any_phase_leaves_nothing(string phase, string state, int nodes)
    {
        string[] words =
        [
            "dotnet",
            "msbuild",
            Matrix,
            "-nologo",
            $"-m:{nodes}",
            "-nr:false",
            "-t:FaultMatrix",
            $"-p:Kubeconfig={cluster.Kubeconfig}",
            "-p:Scenario=own-none%3bown-decode_worker",
            $"-p:ScenariosFile={_own.ScenariosFile}",
            $"-p:Results={_own.Results}",
        ];
        using var run = new StartedProgram(words, _own.Folder);
        await run.UntilAsync(() => _own.Reached(phase, state) > 0);
        await run.SignalAsync("INT");

        Assert.NotEqual(0, await run.EndAsync());
        Assert.Empty(await cluster.LeftoversAsync());
    }

    // MSBuild answers SIGTERM by leaving at once, with exit code 0: the reason for the front. What it leaves is found by its labels.
    [Fact]
    public async Task Terminate_of_plain_msbuild_leaves_what_Teardown_removes()
    {
        using var run = new StartedProgram(
            Msbuild(
                Matrix,
                "FaultMatrix",
                "LoadProfile=endless",
                "Scenario=own-none",
                $"ScenariosFile={_own.ScenariosFile}",
                $"Results={_own.Results}"
            ),
            _own.Folder
        );
        await run.UntilAsync(() => _own.Loading == 1);
        await run.SignalAsync("TERM");
        await run.EndAsync();

        var (exitCode, output) = await StartedProgram.RunAsync(
            Msbuild(Matrix, "Teardown", $"ScenariosFile={_own.ScenariosFile}", $"Results={_own.Results}"),
            _own.Folder
        );
        Assert.True(exitCode == 0, output);
        Assert.Empty(await cluster.LeftoversAsync());
    }

    [Fact]
    public async Task Interrupt_of_plain_msbuild_removes_the_graph_at_the_end_of_the_build()
    {
        using var run = new StartedProgram(
            Msbuild(
                Matrix,
                "FaultMatrix",
                "LoadProfile=endless",
                "Scenario=own-none",
                $"ScenariosFile={_own.ScenariosFile}",
                $"Results={_own.Results}"
            ),
            _own.Folder
        );
        await run.UntilAsync(() => _own.Loading == 1);
        Assert.NotEmpty(await cluster.LeftoversAsync());
        await run.SignalAsync("INT");

        Assert.NotEqual(0, await run.EndAsync());
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Contains("the build ended before Teardown: removing the graph", _own.TestLogs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_property_that_is_near_a_parameter_is_refused()
    {
        var (exitCode, output) = await StartedProgram.RunAsync(
            Msbuild(Matrix, "FaultMatrix", "Scenaro=own-none", "Elsewhere=1", $"Results={_own.Results}"),
            _own.Folder
        );
        Assert.Equal(1, exitCode);
        Assert.Contains("error FT0102: Unknown parameter 'Scenaro'. Did you mean '-p:Scenario'?", output, StringComparison.Ordinal);
        Assert.Contains("warning FT0102: Unknown parameter 'Elsewhere'", output, StringComparison.Ordinal);
        Assert.Empty(_own.Runs);
    }

    private string[] Msbuild(string project, string target, params string[] properties) =>
        [
            "dotnet",
            "msbuild",
            project,
            "-nologo",
            "-m:1",
            "-nr:false",
            $"-t:{target}",
            $"-p:Kubeconfig={cluster.Kubeconfig}",
            .. properties.Select(p => $"-p:{p}"),
        ];
}

using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>A cluster that a kubeconfig names, and that ends under a run.</summary>
public sealed class NamedClusterTests : IDisposable
{
    private readonly OwnScenarios _own = new();

    public void Dispose() => _own.Dispose();

    // The load would go on for a quarter of an hour.
    [Theory]
    [InlineData("Load", 2)]
    [InlineData("Deploy", 1)]
    public async Task Cluster_that_dies_ends_the_run_with_exit_code_3_long_before_the_load_is_over(string phase, int nodes)
    {
        await using var cluster = new LocalCluster();
        await cluster.InitializeAsync();
        var temporary = Directory.CreateDirectory(Path.Combine(_own.Folder, "tmp")).FullName;
        using var run = new StartedProgram(
            [
                "dotnet",
                "exec",
                Path.Combine(AppContext.BaseDirectory, "faultmatrix.dll"),
                "FaultMatrix",
                "--parallelism",
                $"{nodes}",
                "--load-profile",
                "endless",
                "--scenario",
                "own-none",
                "own-decode_worker",
                "--root",
                Repository.Root,
                .. _own.On(cluster),
            ],
            _own.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = temporary, ["DOTNET_EnableDiagnostics"] = "0" }
        );
        await run.UntilAsync(() => phase == "Load" ? _own.Loading == nodes : _own.Reached(phase, "started") == nodes);
        await cluster.KillAsync();

        Assert.True(await run.EndAsync() == 3, run.Output);
        Assert.Matches("FT03(22: the cluster at|04: cannot reach the cluster at) https://127.0.0.1:", run.Output);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
    }
}

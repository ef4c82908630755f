using System.IO.Compression;
using System.Text;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>The targets without the front: <c>dotnet msbuild</c> on a real local cluster, and on a consumer of the package.</summary>
[Collection(PackageCollection.Name)]
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
    public async Task Consumer_of_the_package_runs_its_own_matrix()
    {
        var feed = await PackAsync();
        await File.WriteAllTextAsync(
            Path.Combine(_own.Folder, "nuget.config"),
            $"""<configuration><packageSources><clear/><add key="local" value="{feed}"/></packageSources></configuration>""",
            TestContext.Current.CancellationToken
        );
        await File.WriteAllTextAsync(
            Path.Combine(_own.Folder, "consumer.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <!-- A parameter may also stand in the project. -->
                <Namespace>fault-matrix</Namespace>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="FaultTolerance.Tasks" Version="*" /></ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);
        // A cache of its own: the machine's may hold an older package of the same version.
        var cache = new Dictionary<string, string>(StringComparer.Ordinal) { ["NUGET_PACKAGES"] = Path.Combine(_own.Folder, "packages") };
        var restore = await StartedProgram.RunAsync(["dotnet", "restore", "-nologo", "-v:q"], _own.Folder, cache);
        Assert.True(restore.ExitCode == 0, restore.Output);

        var run = await StartedProgram.RunAsync(Msbuild("consumer.csproj", "FaultMatrix", "Scenario=own-decode_worker"), _own.Folder, cache);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("own-decode_worker: Inject", run.Output, StringComparison.Ordinal);
        Assert.Contains("│ decode_worker │ ", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Assert.Single(_own.Runs), "summary.csv")));
        Assert.Empty(await cluster.LeftoversAsync());

        var plan = await StartedProgram.RunAsync(Msbuild("consumer.csproj", "Plan"), _own.Folder, cache);
        Assert.True(plan.ExitCode == 0, plan.Output);
        Assert.Contains("creates DynamoGraphDeployment ft-own-", plan.Output, StringComparison.Ordinal);
        Assert.Contains("all granted", plan.Output, StringComparison.Ordinal);
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

    [Fact]
    public async Task Package_holds_what_a_consumer_needs_and_no_path_of_this_machine()
    {
        var feed = await PackAsync();
        using var package = await ZipFile.OpenReadAsync(
            Assert.Single(Directory.GetFiles(feed, "*.nupkg")),
            TestContext.Current.CancellationToken
        );
        string[] expected =
        [
            "README.md",
            "build/FaultTolerance.Tasks.props",
            "build/FaultTolerance.Tasks.targets",
            "buildTransitive/FaultTolerance.Tasks.targets",
            "msbuild/FaultTolerance.Parameters.props",
            "msbuild/scenario.proj",
            "schema/build.schema.json",
            "schema/scenarios.schema.json",
            "tasks/net10.0/FaultTolerance.Tasks.dll",
            "tasks/net10.0/FaultTolerance.Tasks.deps.json",
            "tasks/net10.0/KubernetesClient.dll",
        ];
        Assert.Subset(package.Entries.Select(e => e.FullName).ToHashSet(), expected.ToHashSet());
        Assert.DoesNotContain(package.Entries, e => e.Name.StartsWith("Microsoft.Build", StringComparison.Ordinal));

        using var symbols = await ZipFile.OpenReadAsync(
            Assert.Single(Directory.GetFiles(feed, "*.snupkg")),
            TestContext.Current.CancellationToken
        );
        foreach (
            var entry in new[]
            {
                package.GetEntry("tasks/net10.0/FaultTolerance.Tasks.dll")!,
                symbols.GetEntry("tasks/net10.0/FaultTolerance.Tasks.pdb")!,
            }
        )
        {
            await using var stream = await entry.OpenAsync(TestContext.Current.CancellationToken);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            Assert.Equal(-1, bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Repository.Root + "/")));
        }
    }

    private static async Task<string> PackAsync()
    {
        var pack = await StartedProgram.RunAsync(
            ["bash", Path.Combine(Repository.Root, "build.sh"), "Pack", "--no-logo"],
            Path.GetTempPath()
        );
        Assert.True(pack.ExitCode == 0, pack.Output);
        return Path.Combine(Repository.Root, "artifacts", "package", "release");
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

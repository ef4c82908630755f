using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>A project of somebody's own that uses the package, on a cluster that is named.</summary>
[Collection(PackageCollection.Name)]
public sealed class PackageConsumerTests(LocalCluster cluster, Packed packed) : IClassFixture<LocalCluster>, IDisposable
{
    private readonly OwnScenarios _own = new();

    public void Dispose() => _own.Dispose();

    [Fact]
    public async Task Consumer_of_the_package_runs_its_own_matrix()
    {
        var feed = packed.Folder;
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

        // On a cluster that is named, the trial is the matrix on that cluster.
        var run = await StartedProgram.RunAsync(
            Msbuild("FaultMatrixTry", "Scenario=own-decode_worker"), _own.Folder, cache);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.DoesNotContain("local cluster", run.Output, StringComparison.Ordinal);
        Assert.Contains("own-decode_worker: Inject", run.Output, StringComparison.Ordinal);
        Assert.Contains("│ decode_worker │ ", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Assert.Single(_own.Runs), "summary.csv")));
        Assert.Empty(await cluster.LeftoversAsync());

        var plan = await StartedProgram.RunAsync(Msbuild("Plan"), _own.Folder, cache);
        Assert.True(plan.ExitCode == 0, plan.Output);
        Assert.Contains("creates DynamoGraphDeployment ft-own-", plan.Output, StringComparison.Ordinal);
        Assert.Contains("all granted", plan.Output, StringComparison.Ordinal);
    }

    private string[] Msbuild(string target, params string[] properties) =>
        [
            "dotnet", "msbuild", "consumer.csproj", "-nologo", "-m:1", "-nr:false", $"-t:{target}",
            $"-p:Kubeconfig={cluster.Kubeconfig}", .. properties.Select(property => $"-p:{property}"),
        ];
}

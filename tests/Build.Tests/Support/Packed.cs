namespace FaultMatrix.Build.Tests.Support;

/// <summary>What <c>./build.sh Pack</c> makes, made once for all tests that look at it.</summary>
public sealed class Packed : IAsyncLifetime
{
    /// <summary>The folder of the package and the archive.</summary>
    public string Folder { get; } = Path.Combine(Repository.Root, "artifacts", "package", "release");

    /// <summary>The package of the tasks.</summary>
    public string Package => Assert.Single(Directory.GetFiles(Folder, "*.nupkg"));

    public async ValueTask InitializeAsync()
    {
        var pack = await StartedProgram.RunAsync(
            ["bash", Path.Combine(Repository.Root, "build.sh"), "Pack", "--no-logo"], Path.GetTempPath());
        Assert.True(pack.ExitCode == 0, pack.Output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

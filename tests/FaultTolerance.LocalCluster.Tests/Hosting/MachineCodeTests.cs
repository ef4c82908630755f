namespace FaultTolerance.LocalCluster.Tests.Hosting;

/// <summary>What the build makes of the program where a C compiler can link it.</summary>
public sealed class MachineCodeTests
{
    private static string Program { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "FaultTolerance.LocalCluster", new DirectoryInfo(AppContext.BaseDirectory).Name,
        "FaultTolerance.LocalCluster"));

    private static bool HasCompiler => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "gcc")) || File.Exists(Path.Combine(folder, "clang")));

    [Fact]
    public async Task Program_whereACompilerIs_runsWithoutARuntime()
    {
        Assert.SkipUnless(HasCompiler, "no C compiler");

        var (code, output, error) = await TestProgram.RunAsync(
            Program, ["--no-such-option"], ("DOTNET_ROOT", "/nowhere"), ("PATH", "/nowhere")
        );

        Assert.Equal(2, code);
        Assert.Contains("--no-such-option", output + error, StringComparison.Ordinal);
    }
}

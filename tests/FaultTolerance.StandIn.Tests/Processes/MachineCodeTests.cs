using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

/// <summary>What the build makes of the program where a C compiler can link it.</summary>
public sealed class MachineCodeTests
{
    private static bool HasCompiler => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "gcc")) || File.Exists(Path.Combine(folder, "clang")));

    [Fact]
    public async Task Program_whereACompilerIs_runsWithoutARuntime()
    {
        Assert.SkipUnless(HasCompiler, "no C compiler");

        await using var program = StandInProcess.Start(
            "stand-in", new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_ROOT"] = "/nowhere" }, "--no-such-option"
        );

        await Eventually.TrueAsync(() => program.HasExited, "it ends");
        await Eventually.TrueAsync(() => program.Lines.Any(line => line.Contains("call it as", StringComparison.Ordinal)), "its words");
    }
}

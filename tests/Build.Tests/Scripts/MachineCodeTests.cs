using System.Runtime.InteropServices;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Scripts;

/// <summary>Stand-ins and local cluster are machine code where the build finds a C compiler that links a program.</summary>
public sealed class MachineCodeTests : IDisposable
{
    private static readonly string Dotnet =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private readonly string _programs = Directory.CreateTempSubdirectory("ft-linker-").FullName;

    public MachineCodeTests() => File.CreateSymbolicLink(Path.Combine(_programs, "sh"), "/bin/sh");

    public void Dispose() => Directory.Delete(_programs, recursive: true);

    [Fact]
    public async Task FtFindLinker_whereThereIsNone_isEmpty() => Assert.Equal("", await FindAsync(_programs));

    [Fact]
    public async Task FtFindLinker_ofACompilerThatCannotLink_isEmpty()
    {
        await AddAsync("gcc", "#!/bin/sh\necho 'ld: cannot find crt1.o'\necho 'ld: cannot find -lm' >&2\nexit 1\n");

        Assert.Equal("", await FindAsync(_programs));
    }

    [Fact]
    public async Task FtFindLinker_ofTheSecondThatLinks_isThatOne()
    {
        await AddAsync("gcc", "#!/bin/sh\nexit 1\n");
        await AddAsync("clang", "#!/bin/sh\necho 'clang has words'\n");

        Assert.Equal("clang", await FindAsync(_programs));
    }

    [Theory]
    [InlineData("FaultTolerance.StandIn/release/image/bin/stand-in", "call it as")]
    [InlineData("FaultTolerance.LocalCluster/release/FaultTolerance.LocalCluster", "--no-such-option")]
    public async Task Program_whereACompilerIs_runsWithoutARuntime(string program, string words)
    {
        Assert.SkipWhen(await FindAsync(Environment.GetEnvironmentVariable("PATH")!) == "", "no C compiler that links a program");

        using var run = new StartedProgram(
            [Path.Combine(Repository.Root, "artifacts", "bin", program), "--no-such-option"],
            Repository.Root,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_ROOT"] = "/nowhere", ["PATH"] = "/nowhere" }
        );

        Assert.Equal(2, await run.EndAsync());
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
    }

    private async Task AddAsync(string name, string script)
    {
        var file = Path.Combine(_programs, name);
        await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task<string> FindAsync(string path)
    {
        var project = Path.Combine(Repository.Root, "src", "FaultTolerance.StandIn", "FaultTolerance.StandIn.csproj");
        using var run = new StartedProgram(
            [Dotnet, "msbuild", project, "-nologo", "-p:Configuration=Release", "-t:FtFindLinker", "-getProperty:FtLinker"],
            Repository.Root,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = path, ["MachineCode"] = "" }
        );
        Assert.Equal(0, await run.EndAsync());
        return run.Output.Trim();
    }
}

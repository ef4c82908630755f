using System.Text.Json;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Scripts;

/// <summary>The scripts as a shell, a CI step and NUKE's global tool call them.</summary>
public sealed class ScriptTests
{
    private static readonly string Script = Path.Combine(Repository.Root, "build.sh");

    [Theory]
    [InlineData("two words")]
    [InlineData("a;b *%20\"c' $HOME `id` %PATH% !x \\")]
    [InlineData("*")]
    [InlineData("")]
    public async Task Arguments_pass_through_untouched(string value)
    {
        var (exitCode, output) = await StartedProgram.RunAsync(["bash", Script, "--format", value], Repository.Root);
        Assert.Equal(2, exitCode);
        Assert.Contains($"not '{value}'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_called_as_the_global_tool_does_runs_from_a_folder_below_the_root()
    {
        var temp = Directory.CreateDirectory(Path.Combine(Repository.Root, ".nuke", "temp")).FullName;
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["NUKE_GLOBAL_TOOL_VERSION"] = "10.1.0",
            ["NUKE_GLOBAL_TOOL_START_TIME"] = "2026-01-02T03:04:05",
        };
        var (exitCode, output) = await StartedProgram.RunAsync(
            ["bash", Script, "--list", "--scenario", "agg-tp-1-dp-1-none"],
            temp,
            environment
        );
        Assert.True(exitCode == 0, output);
        Assert.EndsWith("agg-tp-1-dp-1-none\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shell_completion_writes_the_schema_that_the_global_tool_completes_from()
    {
        var file = Path.Combine(Repository.Root, ".nuke", "build.schema.json");
        var before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var (exitCode, output) = await StartedProgram.RunAsync(["bash", Script, "--shell-completion"], Repository.Root);
        Assert.True(exitCode == 0, output);
        Assert.Equal(before, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        using var schema = JsonDocument.Parse(before);
        var targets = schema
            .RootElement.GetProperty("definitions")
            .GetProperty("ExecutableTarget")
            .GetProperty("enum")
            .EnumerateArray()
            .Select(e => e.GetString()!)
            .ToList();
        Assert.Contains("FaultMatrix", targets);
        Assert.Equal(targets.Order(StringComparer.Ordinal), targets);
    }

    [Fact]
    public async Task Configuration_lines_are_where_the_global_tool_reads_them()
    {
        var lines = await File.ReadAllLinesAsync(Script, TestContext.Current.CancellationToken);
        var from = Array.FindIndex(lines, l => l.StartsWith("# CONFIGURATION", StringComparison.Ordinal));
        var to = Array.FindIndex(lines, l => l.StartsWith("# EXECUTION", StringComparison.Ordinal));
        Assert.InRange(from, 1, to - 1);
        Assert.Contains(lines[from..to], l => l.StartsWith("TEMP_DIRECTORY=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("build.ps1")]
    [InlineData("deploy/tool/faultmatrix")]
    public async Task Commands_that_read_runs_are_those_of_build_sh(string script)
    {
        async Task<string[]> NamedAsync(string file) =>
        [
            .. (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, file), TestContext.Current.CancellationToken))
                .Single(line => line.Contains("Compare", StringComparison.Ordinal) && line.Contains("History", StringComparison.Ordinal))
                .Split([' ', '"', ',', ')', '|'], StringSplitOptions.RemoveEmptyEntries)
                .Where(word => Sut.Declarations.Targets.Any(target => target.Name == word)),
        ];

        var named = await NamedAsync("build.sh");

        Assert.Contains("Parse", named);
        Assert.Equal(named, await NamedAsync(script));
    }

    [Fact]
    public async Task Polyglot_runs_the_script_under_sh()
    {
        var (exitCode, output) = await StartedProgram.RunAsync(
            ["bash", Path.Combine(Repository.Root, "build.cmd"), "--format", "a 'b' *"],
            Path.GetTempPath()
        );
        Assert.Equal(2, exitCode);
        Assert.Contains("not 'a 'b' *'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_takes_the_place_of_the_script_so_that_a_signal_reaches_it()
    {
        var lines = await File.ReadAllLinesAsync(Script, TestContext.Current.CancellationToken);
        Assert.Equal("exec \"$DOTNET\" exec \"$PROGRAM\" \"$@\"", lines[^1]);
    }
}

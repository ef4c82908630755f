using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Commands;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Scripts;

/// <summary>build.ps1, and its completion, in PowerShell itself.</summary>
public sealed class PowerShellTests
{
    private static readonly string Script = Path.Combine(Repository.Root, "build.ps1");

    [PowerShellTheory]
    [InlineData("two words")]
    [InlineData("a;b *%20\"c' $HOME `id` %PATH% !x \\")]
    [InlineData("*")]
    [InlineData("[a-z]*")]
    [InlineData("")]
    public async Task Arguments_pass_through_untouched(string value)
    {
        var (exitCode, output) = await RunAsync("--format", value);
        Assert.Equal(2, exitCode);
        Assert.Contains($"not '{value}'", output, StringComparison.Ordinal);
    }

    [PowerShellTheory]
    [InlineData("--list --scenario agg-tp-1-dp-1-none", 0, "agg-tp-1-dp-1-none")]
    [InlineData("-List -Scenario *-none", 0, "disagg-tp-1-dp-2-none")]
    [InlineData("Deploy+Load --plan --scenario=agg-tp-1-dp-1-none", 0, "creates DynamoGraphDeployment")]
    [InlineData("FaultMatrx", 2, "Did you mean 'FaultMatrix'?")]
    [InlineData("", 2, "FT")]
    public async Task Words_mean_what_they_mean_to_the_shell_script(string words, int expected, string said)
    {
        // Without a word the whole matrix would run: an unreadable file stops it.
        string[] given = words.Length == 0 ? ["--scenarios-file", "no-such-file.json"] : words.Split(' ');
        var (exitCode, output) = await RunAsync(given);
        Assert.True(exitCode == expected, output);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [PowerShellTheory]
    [InlineData("INT")]
    public async Task Interrupt_as_a_terminal_sends_it_cleans_up_and_is_no_success(string signal)
    {
        var results = Directory.CreateTempSubdirectory("faultmatrix-");
        try
        {
            using var run = new StartedProgram(
                [
                    PowerShellTheoryAttribute.Program!,
                    "-NoProfile",
                    "-File",
                    Script,
                    "FaultMatrix",
                    "--scenario",
                    "agg-tp-1-dp-1-none",
                    "--results",
                    results.FullName,
                ],
                Repository.Root
            );
            await run.UntilAsync(() => run.Output.Contains("Load started: ", StringComparison.Ordinal));

            await run.SignalAsync(signal, group: true);

            Assert.True(await run.EndAsync() == 130, run.Output);
            Assert.Contains("Teardown removed", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }

    [PowerShellTheory]
    [InlineData("O'Neil")]
    [InlineData("ft_feature%2Ffoo@2")]
    [InlineData("a;b")]
    [InlineData("$(x)")]
    [InlineData("@(x)")]
    public async Task Path_that_MSBuild_cannot_bear_is_refused(string folder)
    {
        using var root = new ScriptRoot();
        var (exitCode, output) = await root.PowerShellAsync(folder, "", "x");
        Assert.Equal(2, exitCode);
        Assert.StartsWith(
            "error FT0115: the path of this checkout holds one of ' % ; * ? \" $( @( or a line break",
            Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.Empty(root.Log);
    }

    [PowerShellTheory]
    [InlineData("export TMPDIR=/nowhere;", "error FT0116: TMPDIR names /nowhere, which is no folder that can be written; name another or unset it.")]
    [InlineData("ulimit -n 200;", "error FT0117: only 200 files may be open at a time, and at least 512 are needed; raise the limit with ulimit -n 512.")]
    public async Task Machine_that_cannot_be_borne_is_refused(string before, string expected)
    {
        using var root = new ScriptRoot();
        var (exitCode, output) = await root.PowerShellAsync("plain", before, "x");
        // PowerShell has a line of its own for a folder for temporary files that is not there.
        Assert.Equal((2, expected), (exitCode, output.Trim().Split('\n')[^1]));
        Assert.Empty(root.Log);
    }

    [PowerShellTheory]
    [InlineData("ulimit -S -n 300;", "plain")]
    [InlineData("", "Jürgen & co {y} #3, (x)")]
    public async Task Machine_and_path_that_are_only_odd_build_and_run(string before, string folder)
    {
        using var root = new ScriptRoot();
        var (exitCode, output) = await root.PowerShellAsync(folder, before, "x");
        Assert.True(exitCode == 0, output);
        Assert.Contains("<--words-of-the-environment>", output, StringComparison.Ordinal);
        Assert.NotEmpty(root.Log);
    }

    [PowerShellTheory]
    [InlineData("Clus", "ClusterUp ClusterDown")]
    [InlineData("FaultMatrix --kube", "--kubeconfig")]
    [InlineData("--format m", "markdown")]
    [InlineData("--format ", "fancy markdown")]
    [InlineData("--profile c", "ci")]
    public async Task Completion_offers_what_fits(string line, string expected)
    {
        var file = Path.ChangeExtension(Path.GetTempFileName(), ".ps1");
        try
        {
            await File.WriteAllTextAsync(
                file,
                CompletionScript.Of("pwsh", Sut.Declarations, ["ci"])
                    + $"\n$line = './build.ps1 {line}'\n(TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText -join ' '\n",
                TestContext.Current.CancellationToken
            );
            var (_, output) = await StartedProgram.RunAsync(
                [PowerShellTheoryAttribute.Program!, "-NoProfile", "-File", file],
                Repository.Root
            );
            Assert.Equal(expected, output.Trim());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void EnvironmentWords_without_the_mark_are_those_of_the_command_line()
    {
        Environment.SetEnvironmentVariable(EnvironmentWords.Variable, "[\"a\"]");

        Assert.Equal(["b"], EnvironmentWords.Of(["b"]));
        Assert.Null(Environment.GetEnvironmentVariable(EnvironmentWords.Variable));
    }

    private static Task<(int ExitCode, string Output)> RunAsync(params string[] words) =>
        StartedProgram.RunAsync([PowerShellTheoryAttribute.Program!, "-NoProfile", "-File", Script, .. words], Repository.Root);
}

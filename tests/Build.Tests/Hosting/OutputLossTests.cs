using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>Outputs that take nothing any more: the run goes on, tears down, and says so in one line where it can.</summary>
public sealed class OutputLossTests : IDisposable
{
    private readonly FakeRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("> /dev/full")]
    [InlineData("1< /dev/null")]
    public async Task Run_goes_on_without_its_output(string redirection)
    {
        var (exitCode, output) = await ShellAsync(redirection, "FaultMatrix", "--kubeconfig", _root.Kubeconfig);
        Assert.Equal(0, exitCode);
        Assert.Contains("end Teardown agg-none", _root.Journal);
        Assert.Contains("end Parse", _root.Journal);
        Assert.StartsWith(
            "error FT0113: Standard output cannot be written (",
            Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    // As in "| head": whoever reads no further knows it, so there is nothing to be told.
    [Fact]
    public async Task Reader_that_goes_away_is_no_reason_to_stop()
    {
        var (exitCode, _) = await ShellAsync("> >(exec true)", "FaultMatrix", "--kubeconfig", _root.Kubeconfig);
        Assert.Equal(0, exitCode);
        Assert.Contains("end Teardown agg-none", _root.Journal);
        Assert.Contains("end Parse", _root.Journal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--list")]
    [InlineData("--completion bash")]
    public async Task Text_that_nobody_gets_is_an_error(string words)
    {
        var (exitCode, output) = await ShellAsync("> /dev/full", words.Split(' '));
        Assert.Equal(2, exitCode);
        Assert.StartsWith(
            "error FT0113",
            Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Both_outputs_lost_is_no_reason_to_stop()
    {
        var (exitCode, output) = await ShellAsync("> /dev/full 2> /dev/full", "FaultMatrix", "--kubeconfig", _root.Kubeconfig);
        Assert.Equal((0, ""), (exitCode, output));
        Assert.Contains("end Teardown agg-none", _root.Journal);
    }

    // "script" gives the program a terminal of its own; when it is killed, the terminal is gone: SIGHUP, and EIO for every write.
    [Fact]
    public async Task Terminal_that_is_closed_ends_the_run_as_SIGTERM_does()
    {
        var errors = Path.Combine(_root.Folder, "errors");
        var front =
            $"exec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "faultmatrix.dll")}' FaultMatrix --kubeconfig '{_root.Kubeconfig}' --root '{_root.Folder}' 2> '{errors}'";
        using var terminal = new StartedProgram(
            ["script", "-qec", front, "/dev/null"],
            _root.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["FAKE_HANG"] = "Inject",
                ["FAKE_DOMAIN"] = Repository.FakeDomain,
                ["TERM"] = "xterm",
                ["HOME"] = _root.Folder,
            }
        );
        await terminal.UntilAsync(() => _root.Journal.Contains("begin Inject agg-none"));
        await terminal.SignalAsync("KILL");
        await terminal.EndAsync();

        await StartedProgram.UntilFileHoldsAsync(Path.Combine(_root.Temp, "build.log"), "Build failed on .* \\(exit code 143\\)");
        Assert.Contains("end Collect agg-none", _root.Journal);
        Assert.Contains("end Teardown agg-none", _root.Journal);
        Assert.DoesNotContain(
            "   at ",
            await File.ReadAllTextAsync(errors, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    private Task<(int ExitCode, string Output)> ShellAsync(string redirection, params string[] words) =>
        StartedProgram.RunAsync(
            [
                "bash",
                "-c",
                $"exec \"$@\" {redirection}",
                "bash",
                "dotnet",
                "exec",
                Path.Combine(AppContext.BaseDirectory, "faultmatrix.dll"),
                .. words,
                "--root",
                _root.Folder,
            ],
            _root.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["FAKE_DOMAIN"] = Repository.FakeDomain, ["HOME"] = _root.Folder }
        );
}

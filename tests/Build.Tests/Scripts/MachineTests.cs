using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Scripts;

/// <summary>Places and limits that <c>build.sh</c> cannot work in: one line before anything is built.</summary>
public sealed class MachineTests : IDisposable
{
    private readonly ScriptRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("O'Neil")]
    [InlineData("ft_feature%2Ffoo@2")]
    [InlineData("a;b")]
    [InlineData("a*b")]
    [InlineData("$(x)")]
    [InlineData("@(x)")]
    [InlineData("a\nb")]
    public async Task Path_that_MSBuild_cannot_bear_is_refused(string folder)
    {
        var (exitCode, output) = await MovedAsync(folder);
        Assert.Equal(2, exitCode);
        Assert.StartsWith(
            "error FT0115: the path of this checkout holds one of ' % ; * ? \" $( @( or a line break",
            Assert.Single(Lines(output)),
            StringComparison.Ordinal
        );
        Assert.Empty(_root.Log);
    }

    [Theory]
    [InlineData("Jürgen & co [v1] #3, (x)")]
    [InlineData("work@2 = ~ {y} $z")]
    public async Task Path_that_is_only_odd_builds(string folder) => Assert.Equal((0, "<x>\n"), (await MovedAsync(folder)).Beside());

    [Fact]
    public async Task Folder_for_temporary_files_that_is_not_there_is_refused()
    {
        _root["TMPDIR"] = "/nowhere";
        Assert.Equal(
            (2, "error FT0116: TMPDIR names /nowhere, which is no folder that can be written; name another or unset it.\n"),
            await _root.RunAsync("x")
        );
        Assert.Empty(_root.Log);
    }

    // A user who may write anywhere finds out only by the mount.
    [Fact]
    public async Task Folder_for_temporary_files_that_is_read_only_is_refused()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root.Folder, "read-only")).FullName;
        var (exitCode, output) = await StartedProgram.RunAsync(
            [
                "unshare", "--map-root-user", "--mount", "sh", "-c",
                "mount -t tmpfs -o ro none \"$0\" && TMPDIR=$0 exec bash \"$1\" x", folder, _root.Script,
            ],
            "/"
        );
        Assert.Equal(
            (2, $"error FT0116: TMPDIR names {folder}, which is no folder that can be written; name another or unset it.\n"),
            (exitCode, output)
        );
        Assert.Empty(_root.Log);
    }

    [Fact]
    public async Task Too_few_open_files_are_raised_where_they_can_be_and_refused_where_not()
    {
        Assert.Equal(
            (2, "error FT0117: only 64 files may be open at a time, and at least 512 are needed; raise the limit with ulimit -n 512.\n"),
            await ShellAsync("ulimit -n 64")
        );
        Assert.Empty(_root.Log);
        Assert.Equal((0, "<x>\n"), (await ShellAsync("ulimit -S -n 64")).Beside());
    }

    [Theory]
    [InlineData(">&-")]
    [InlineData("<&-")]
    [InlineData("2>&-")]
    public async Task Descriptor_that_is_closed_is_no_other_files(string redirection)
    {
        await _root.RunAsync();
        var (exitCode, _) = await StartedProgram.RunAsync(
            ["bash", "-c", $"exec bash \"$0\" {redirection}", _root.Script],
            "/",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PATH"] = Path.Combine(_root.Folder, "tools"),
                ["STUB_LOG"] = Path.Combine(_root.Folder, "log"),
                ["STUB_FDS"] = Path.Combine(_root.Folder, "fds"),
            }
        );
        Assert.Equal(0, exitCode);
        Assert.Equal(
            "0 1 2",
            (await File.ReadAllTextAsync(Path.Combine(_root.Folder, "fds"), TestContext.Current.CancellationToken)).Trim()
        );
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Task<(int ExitCode, string Output)> ShellAsync(string before) => _root.ShellAsync($"{before}; exec bash '{_root.Script}' x");

    // The checkout in a folder of this name: its files by links would show their own place, so they are copied.
    private Task<(int ExitCode, string Output)> MovedAsync(string folder) => _root.MovedAsync(folder, "x");
}

/// <summary>What a script printed beside saying that it builds, which comes by another way and so before or after it.</summary>
file static class Outputs
{
    public static (int ExitCode, string Output) Beside(this (int ExitCode, string Output) run) =>
        (run.ExitCode, string.Concat(
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(l => !l.StartsWith("Building FaultMatrix", StringComparison.Ordinal)).Select(l => l + '\n')));
}

using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Scripts;

/// <summary>When <c>build.sh</c> builds and fetches, with a stub in dotnet's place.</summary>
public sealed class ScriptBuildTests : IDisposable
{
    private readonly ScriptRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Front_is_built_once_and_again_only_when_a_source_changed()
    {
        Assert.Contains("Building FaultMatrix", (await _root.RunAsync("--help")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "<--help>\n"), await _root.RunAsync("--help"));
        await BuildsAsync(1);

        await File.WriteAllTextAsync(Path.Combine(_root.Folder, "src", "obj", "made.cs"), "", TestContext.Current.CancellationToken);
        await BuildsAsync(1);

        await File.WriteAllTextAsync(_root.Source, "// changed", TestContext.Current.CancellationToken);
        await BuildsAsync(2);

        File.Delete(_root.Source);
        await BuildsAsync(3);

        await File.WriteAllTextAsync(
            Path.Combine(_root.Folder, "Directory.Build.props"),
            "<Project><!-- changed --></Project>",
            TestContext.Current.CancellationToken
        );
        await BuildsAsync(4);
    }

    [Theory]
    [InlineData("Parse", "0x14")]
    [InlineData("History", "0x14")]
    [InlineData("FaultMatrix", "")]
    [InlineData("--results", "")]
    public async Task Code_is_optimised_early_only_for_what_reads_runs(string word, string delay)
    {
        var file = Path.Combine(_root.Folder, "delay");
        _root["STUB_DELAY"] = file;

        await _root.RunAsync(word, "Parse");

        Assert.Equal($"{delay}\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Build_that_fails_prints_why_starts_nothing_and_is_tried_again()
    {
        _root["STUB_BROKEN"] = "1";
        var (exitCode, output) = await _root.RunAsync("--help");
        Assert.Equal(1, exitCode);
        Assert.Contains("error CS0000: broken", output, StringComparison.Ordinal);
        Assert.DoesNotContain("<--help>", output, StringComparison.Ordinal);

        _root["STUB_BROKEN"] = "";
        await BuildsAsync(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_at_once_build_once(bool hasFlock)
    {
        if (!hasFlock)
        {
            _root.Remove("flock");
        }

        var gate = Path.Combine(_root.Folder, "gate");
        _root["STUB_GATE"] = gate;
        using var first = _root.Start("first");
        await first.UntilAsync(() => _root.Log.Count == 1);
        using var second = _root.Start("second");
        await File.WriteAllTextAsync(gate, "", TestContext.Current.CancellationToken);

        Assert.Equal((0, 0), (await first.EndAsync(), await second.EndAsync()));
        Assert.EndsWith("<first>\n", first.Output, StringComparison.Ordinal);
        Assert.EndsWith("<second>\n", second.Output, StringComparison.Ordinal);
        Assert.Equal(["built"], _root.Log);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("another version")]
    public async Task Sdk_that_is_not_there_is_fetched_once_into_the_checkout(string onPath)
    {
        _root.AddStub("curl");
        if (onPath == "none")
        {
            _root.Remove("dotnet");
        }
        else
        {
            _root.Remove("dotnet");
            var other = Path.Combine(_root.Folder, "tools", "dotnet");
            await File.WriteAllTextAsync(other, "#!/bin/sh\nexit 145\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(other, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var (exitCode, output) = await _root.RunAsync("two words", "");
        Assert.True(exitCode == 0, output);
        Assert.EndsWith("<two words>\n<>\n", output, StringComparison.Ordinal);
        Assert.Equal(["fetched https://dot.net/v1/dotnet-install.sh", "built"], _root.Log);
        Assert.True(File.Exists(Path.Combine(_root.Folder, ".nuke", "temp", "dotnet", "dotnet")));

        await File.WriteAllTextAsync(_root.Source, "// changed", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await _root.RunAsync()).ExitCode);
        Assert.Equal(3, _root.Log.Count);
    }

    [Fact]
    public async Task Sdk_that_cannot_be_fetched_is_one_clear_line_and_exit_code_2()
    {
        _root.AddStub("curl");
        _root.Remove("dotnet");
        _root["STUB_OFFLINE"] = "1";
        var (exitCode, output) = await _root.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.EndsWith("install it from https://dot.net/download and run this again.\n", output, StringComparison.Ordinal);
        Assert.Empty(_root.Log);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("a;b *%20\"c' $HOME `id` %PATH% !x \\ \n next")]
    [InlineData("")]
    public async Task Arguments_reach_the_program_as_they_are(string value)
    {
        await _root.RunAsync();
        Assert.Equal((0, $"<--image>\n<{value}>\n<-->\n<*>\n"), await _root.RunAsync("--image", value, "--", "*"));
    }

    [Fact]
    public async Task Script_called_by_a_link_finds_its_own_folder()
    {
        await _root.RunAsync();
        var link = Path.Combine(_root.Folder, "tools", "fm");
        File.CreateSymbolicLink(link, Path.Combine("..", "build.sh"));
        File.CreateSymbolicLink(link + "2", link);
        var (exitCode, output) = await StartedProgram.RunAsync(
            [link + "2", "x"],
            "/",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["CDPATH"] = "/tmp" }
        );
        Assert.Equal((0, "<x>\n"), (exitCode, output));
    }

    private async Task BuildsAsync(int expected)
    {
        Assert.Equal(0, (await _root.RunAsync()).ExitCode);
        Assert.Equal(Enumerable.Repeat("built", expected), _root.Log);
    }
}

using System.Text;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.CommandLine;

/// <summary>Values that must not be followed: devices and pipes in a file's place, names that lead elsewhere, files without end.</summary>
public sealed class OddValueTests : IDisposable
{
    private readonly FakeRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("--scenarios-file /dev/zero", "--scenarios-file takes a file, and '/dev/zero' is a device or a pipe.")]
    [InlineData("--kubeconfig /dev/zero", "--kubeconfig takes a file, and '/dev/zero' is a device or a pipe.")]
    [InlineData("--scenarios-file /tmp", "--scenarios-file takes a file, and '/tmp' is a folder.")]
    [InlineData("--results /dev/zero", "--results takes a folder, and '/dev/zero' is none.")]
    [InlineData("--results /etc/passwd", "--results takes a folder, and '/etc/passwd' is none.")]
    public void Bind_place_of_the_wrong_kind_is_an_error(string commandLine, string expected) => Assert.Equal(expected, Error(commandLine));

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("-x")]
    [InlineData("ü")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public void Bind_identifier_that_is_no_name_is_an_error(string value)
    {
        foreach (var parameter in new[] { "run", "cluster-name" })
        {
            var error = Assert.Throws<FrontException>(() =>
                Sut.Binder(_root.Folder).Bind(Build.CommandLine.CommandLineParser.Parse([$"--{parameter}={value}"]))
            );
            Assert.Contains(
                $"--{parameter} takes a name of at most 100 letters, digits, '-', '_' and '.'",
                Assert.Single(error.Errors).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Bind_identifiers_that_are_made_here_are_names()
    {
        var run = Build.Commands.EngineProperties.NewRun(TimeProvider.System);
        Assert.Equal(run, Sut.Bind(_root.Folder, $"--run {run} --cluster-name pr-12.a_b").Text("Run"));
    }

    [Fact]
    public void Bind_parameters_file_that_is_a_device_or_endless_is_an_error()
    {
        var file = Path.Combine(_root.Folder, ".nuke", "parameters.json");
        File.CreateSymbolicLink(file, "/dev/zero");
        Assert.StartsWith(".nuke/parameters.json is no file of parameters", Error(""), StringComparison.Ordinal);
        File.Delete(file);
        File.WriteAllText(file, new string(' ', 2_000_000));
        Assert.StartsWith(".nuke/parameters.json is no file of parameters", Error(""), StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_very_many_unknown_keys_are_counted()
    {
        var json = new StringBuilder("{");
        for (var i = 0; i < 50_000; i++)
        {
            json.Append($"\"k{i}\":0,\n");
        }

        File.WriteAllText(Path.Combine(_root.Folder, ".nuke", "parameters.json"), json.Append('}').ToString());
        var errors = Assert.Throws<FrontException>(() => Sut.Bind(_root.Folder, "")).Errors;
        Assert.Equal(21, errors.Count);
        Assert.Equal(".nuke/parameters.json: 49980 more unknown keys.", errors[^1].Message);
        Assert.Equal(20, errors[19].Line);
    }

    [Theory]
    [InlineData("ClusterDown --cluster-name ../../x")]
    [InlineData("ClusterUp --cluster-name ../../x")]
    [InlineData("Parse --run ../x")]
    [InlineData("FaultMatrix --scenario a --scenario b")]
    public async Task Front_says_so_in_one_line_and_touches_nothing(string words)
    {
        var outside = Path.Combine(_root.Folder, "x.json");
        await File.WriteAllTextAsync(outside, "{}", TestContext.Current.CancellationToken);
        var before = Entries();
        var (exitCode, output) = await FrontProcess.RunAsync(_root, words.Split(' '));
        Assert.Equal(2, exitCode);
        Assert.StartsWith(
            "error FT0103: ",
            Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.Equal(before, Entries());
    }

    [Fact]
    public async Task ClusterDown_of_a_record_that_cannot_be_read_clears_it_away()
    {
        Directory.CreateDirectory(Path.Combine(_root.Temp, "cluster-default", "pods"));
        await File.WriteAllTextAsync(
            Path.Combine(_root.Temp, "cluster-default.json"),
            "{ \"pid\": \"no\"",
            TestContext.Current.CancellationToken
        );
        var (exitCode, output) = await FrontProcess.RunAsync(_root, ["ClusterDown"]);
        Assert.True(exitCode == 0, output);
        Assert.Empty(Directory.GetFileSystemEntries(_root.Temp, "cluster-*"));
    }

    [Fact]
    public async Task Mistake_that_nobody_foresaw_is_one_line_and_a_file()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(_root.Folder, "tmp")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(_root.Folder, Declarations.RelativePath),
            "<Project",
            TestContext.Current.CancellationToken
        );
        var (exitCode, output) = await FrontProcess.RunAsync(
            _root,
            ["--help"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = temporary }
        );
        Assert.Equal(1, exitCode);
        var file = Assert.Single(Directory.GetFiles(temporary));
        Assert.Matches("^error FT0999: This was not foreseen, please report it: XmlException: .* The trace is in .*\\.\n$", output);
        Assert.Contains(file, output, StringComparison.Ordinal);
        Assert.Contains(
            "   at System.Xml",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Very_many_mistakes_of_a_command_line_are_counted()
    {
        var (exitCode, output) = await FrontProcess.RunAsync(_root, [.. Enumerable.Range(0, 1000).Select(i => $"--unknown{i}")]);
        Assert.Equal(2, exitCode);
        Assert.EndsWith("\n... and 980 more mistakes.\n", output, StringComparison.Ordinal);
    }

    private string Error(string commandLine) =>
        Assert.Single(Assert.Throws<FrontException>(() => Sut.Bind(_root.Folder, commandLine)).Errors).Message;

    private string[] Entries() =>
        [.. Directory.EnumerateFileSystemEntries(_root.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}

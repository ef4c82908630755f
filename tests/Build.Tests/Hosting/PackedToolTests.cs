using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>
/// The tool from its archive, where a dotnet of the PATH must not be used: a row of one's own, and nothing written to its folder.
/// </summary>
[Collection(PackageCollection.Name)]
public sealed class PackedToolTests(Packed packed) : IDisposable
{
    private const long LargestArchive = 150_000_000;
    private readonly OwnScenarios _own = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public void Dispose()
    {
        _own.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Tool_of_the_archive_runs_a_row_without_a_dotnet_of_the_machine()
    {
        var archive = Directory.EnumerateFiles(packed.Folder, "faultmatrix-*.tar.gz").OrderBy(File.GetLastWriteTimeUtc).Last();
        Assert.InRange(new FileInfo(archive).Length, 1, LargestArchive);
        var unpacked = await StartedProgram.RunAsync(["tar", "-xzf", archive, "-C", _folder], _folder);
        Assert.True(unpacked.ExitCode == 0, unpacked.Output);
        var home = Assert.Single(Directory.GetDirectories(_folder));
        var before = State(home);

        var run = await ToolAsync(home, _own.Folder, "FaultMatrix", "--scenario", "own-decode_worker", "--no-logo");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.True(File.Exists(Path.Combine(Assert.Single(_own.Runs), "summary.csv")));

        // Where no scenarios are, the tool's own are there to be tried.
        var empty = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;
        var list = await ToolAsync(home, empty, "--list");
        Assert.Contains("agg-tp-1-dp-1-none", list.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(empty));

        var test = await ToolAsync(home, empty, "Test");
        Assert.Equal(2, test.ExitCode);
        Assert.Contains("FT0124", test.Output, StringComparison.Ordinal);
        Assert.Equal(before, State(home));
    }

    private Task<(int ExitCode, string Output)> ToolAsync(string home, string folder, params string[] words)
    {
        var path = Directory.CreateDirectory(Path.Combine(_folder, "path")).FullName;
        var dotnet = Path.Combine(path, "dotnet");
        File.WriteAllText(dotnet, "#!/bin/sh\necho 'the dotnet of the machine was used' >&2\nexit 99\n");
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return StartedProgram.RunAsync(
            [
                "env", "-i", $"PATH={path}:/usr/sbin:/usr/bin:/sbin:/bin", $"HOME={_folder}", "NO_COLOR=1",
                Path.Combine(home, "faultmatrix"), .. words,
            ],
            folder);
    }

    private static List<string> State(string home) =>
        [
            .. Directory.EnumerateFileSystemEntries(home, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(entry => $"{entry} {File.GetLastWriteTimeUtc(entry):O}"),
        ];
}

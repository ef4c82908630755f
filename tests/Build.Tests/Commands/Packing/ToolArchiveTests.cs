using System.Formats.Tar;
using System.IO.Compression;
using FaultMatrix.Build.Commands.Packing;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Tests.Commands.Packing;

public sealed class ToolArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Write_of_the_same_files_gives_the_same_bytes_in_any_order()
    {
        ToolFile[] files = [File("b/tool", "run", executable: true), File("a.txt", "read")];

        var first = await WriteAsync("one.tar.gz", files);
        System.IO.File.SetLastWriteTimeUtc(files[0].Source, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var second = await WriteAsync("two.tar.gz", files.Reverse());

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Write_keeps_programs_links_and_the_mark_of_a_home()
    {
        var tool = File("bin/tool", "run", executable: true);
        var link = Path.Combine(_folder, "link");
        System.IO.File.CreateSymbolicLink(link, "../bin/tool");

        await WriteAsync("one.tar.gz", [tool, new ToolFile("images/python3", link), File("a.txt", "read")]);
        var entries = Entries("one.tar.gz");

        Assert.Equal(
            [$"f/{ToolHome.Marker}", "f/a.txt", "f/bin/tool", "f/images/python3"], entries.Select(entry => entry.Name));
        Assert.Equal("../bin/tool", entries[3].LinkName);
        Assert.True(entries[2].Mode.HasFlag(UnixFileMode.UserExecute));
        Assert.False(entries[1].Mode.HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public async Task Write_of_equal_files_has_the_content_once()
    {
        await WriteAsync("one.tar.gz", [File("a/same.dll", "same"), File("b/same.dll", "same"), File("c/run", "same", executable: true)]);
        var entries = Entries("one.tar.gz");

        Assert.Equal(
            [TarEntryType.RegularFile, TarEntryType.RegularFile, TarEntryType.HardLink, TarEntryType.RegularFile],
            entries.Select(entry => entry.EntryType));
        Assert.Equal(("f/b/same.dll", "f/a/same.dll"), (entries[2].Name, entries[2].LinkName));
    }

    [Fact]
    public async Task Write_that_fails_leaves_nothing()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() =>
            WriteAsync("one.tar.gz", [new ToolFile("a", Path.Combine(_folder, "missing"))]));

        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    private ToolFile File(string name, string text, bool executable = false)
    {
        var source = Path.Combine(_folder, "sources", name.Replace('/', '-'));
        Directory.CreateDirectory(Path.GetDirectoryName(source)!);
        System.IO.File.WriteAllText(source, text);
        if (executable)
        {
            System.IO.File.SetUnixFileMode(source, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new ToolFile(name, source);
    }

    private async Task<byte[]> WriteAsync(string name, IEnumerable<ToolFile> files)
    {
        var file = Path.Combine(_folder, name);
        await ToolArchive.WriteAsync(file, "f", files, Cancellation);
        return await System.IO.File.ReadAllBytesAsync(file, Cancellation);
    }

    private List<TarEntry> Entries(string name)
    {
        using var gzip = new GZipStream(System.IO.File.OpenRead(Path.Combine(_folder, name)), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        var entries = new List<TarEntry>();
        while (tar.GetNextEntry() is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }
}

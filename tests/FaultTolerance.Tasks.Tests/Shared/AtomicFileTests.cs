using System.Runtime.Versioning;
using FaultMatrix.Shared;

namespace FaultTolerance.Tests.Shared;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        var file = Path.Combine(_folder, "a.txt");
        AtomicFile.WriteText(file, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(file, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Mode_is_the_one_asked_for_though_a_file_of_another_was_left_behind()
    {
        var file = Path.Combine(_folder, "a.txt");
        File.WriteAllText($"{file}.{Environment.ProcessId}.tmp", "left behind");
        AtomicFile.WriteText(file, "secret", UnixFileMode.UserRead);
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(file));
        Assert.Equal("secret", File.ReadAllText(file));
    }
}

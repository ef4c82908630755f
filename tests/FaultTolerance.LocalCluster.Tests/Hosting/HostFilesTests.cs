using FaultTolerance.LocalCluster.Hosting;

namespace FaultTolerance.LocalCluster.Tests.Hosting;

public sealed class HostFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lc-hosting-").FullName;

    [Fact]
    public async Task Kubeconfig_is_the_owners_alone_and_replaced_whole()
    {
        var file = Path.Combine(_folder, "sub", "config");
        for (var i = 0; i < 2; i++)
        {
            KubeconfigFile.Write(file, $"https://127.0.0.1:{i}", "PEM", "secret", "ns");
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains(
            "server: https://127.0.0.1:1",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void Kubeconfig_that_cannot_be_written_is_FT3004()
    {
        var error = Assert.Throws<UserError>(() => KubeconfigFile.Write(_folder, "s", "p", "t", "n"));

        Assert.StartsWith("FT3004", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DataFolder_of_a_cluster_that_was_killed_is_cleared_and_goes_with_the_next_one()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "left")).FullName;
        File.WriteAllText(Path.Combine(folder, "cluster.lock"), "ours");
        Directory.CreateDirectory(Path.Combine(folder, "pods", "uid"));
        File.WriteAllText(Path.Combine(folder, "cluster.log"), "");

        using (var data = DataFolder.Open(folder))
        {
            Assert.Equal(["cluster.lock"], Directory.GetFileSystemEntries(data.Path).Select(Path.GetFileName));
            var error = Assert.Throws<UserError>(() => DataFolder.Open(folder));
            Assert.StartsWith("FT3003", error.Message, StringComparison.Ordinal);
            Assert.Contains("another local cluster holds it", error.Message, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void DataFolder_that_held_something_keeps_that_and_nothing_of_the_cluster()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "shared")).FullName;
        File.WriteAllText(Path.Combine(folder, "mine"), "");
        for (var time = 0; time < 2; time++)
        {
            using (DataFolder.Open(folder))
            {
                Directory.CreateDirectory(Path.Combine(folder, "pods", "uid"));
                File.WriteAllText(Path.Combine(folder, "ca.crt"), "");
            }

            Assert.Equal(["mine"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
        }
    }

    [Fact]
    public void DataFolder_goes_unless_it_held_something_before()
    {
        var fresh = Path.Combine(_folder, "fresh");
        var used = Directory.CreateDirectory(Path.Combine(_folder, "used")).FullName;
        File.WriteAllText(Path.Combine(used, "mine"), "");

        using (DataFolder.Open(fresh))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(fresh));
            File.WriteAllText(Path.Combine(fresh, "x"), "");
        }

        using (DataFolder.Open(used))
        {
            Assert.True(Directory.Exists(used));
        }

        Assert.False(Directory.Exists(fresh));
        Assert.True(File.Exists(Path.Combine(used, "mine")));
    }

    [Fact]
    public void WarningLog_makes_its_file_with_the_first_warning()
    {
        var file = Path.Combine(_folder, "cluster.log");
        using var log = new WarningLog(file, TimeProvider.System);
        var logger = log.CreateLogger("part");

        Microsoft.Extensions.Logging.LoggerExtensions.LogInformation(logger, "quiet");
        Assert.False(File.Exists(file));
        Microsoft.Extensions.Logging.LoggerExtensions.LogWarning(logger, "loud");
        log.Dispose();

        Assert.EndsWith("Warning part: loud\n", File.ReadAllText(file), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

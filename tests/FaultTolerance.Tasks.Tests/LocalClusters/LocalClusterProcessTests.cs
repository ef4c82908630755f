using System.Diagnostics;
using System.Runtime.Versioning;
using FaultTolerance.LocalClusters;

namespace FaultTolerance.Tests.LocalClusters;

/// <summary>A cluster's process by a stand-in of <c>dotnet</c>, a script: it starts, says why it does not, and leaves nothing.</summary>
[SupportedOSPlatform("linux")]
public sealed class LocalClusterProcessTests : IDisposable
{
    private const string Ready =
        """
        echo $$ > "$(dirname "$0")/pid"
        echo '{"ready":true,"server":"https://127.0.0.1:1","pid":1,"note":"no namespaces"}'
        cat > /dev/null
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-process-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ClusterFolder => Path.Combine(_folder, "cluster");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Dispose_ends_the_cluster_by_its_standard_input_and_removes_its_folder()
    {
        var cluster = await StartAsync(Ready);
        Assert.Equal(("https://127.0.0.1:1", "no namespaces"), (cluster.Server, cluster.Note));
        Assert.True(File.Exists(Path.Combine(ClusterFolder, "image", "image.json")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(ClusterFolder));

        cluster.Dispose();

        Assert.False(Directory.Exists(ClusterFolder));
        var id = int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "pid"), Cancellation), null);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [Fact]
    public async Task Start_in_a_folder_that_another_cluster_has_is_refused_and_leaves_that_one()
    {
        using var first = await StartAsync(Ready);

        var error = await Assert.ThrowsAsync<FaultMatrixException>(() => StartAsync(Ready));

        Assert.Equal("FT0303", error.Code);
        Assert.Contains("another build's cluster", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(ClusterFolder, "image")));
    }

    [Fact]
    public async Task Start_of_a_cluster_that_refuses_says_what_it_said_and_leaves_nothing()
    {
        var error = await Assert.ThrowsAsync<FaultMatrixException>(() => StartAsync("echo 'FT3003: no room' >&2; exit 2"));

        Assert.Equal("the local cluster did not start (exit code 2): FT3003: no room", error.Message);
        Assert.False(Directory.Exists(ClusterFolder));
    }

    [Fact]
    public async Task Start_of_a_cluster_that_does_not_get_ready_ends_it_after_the_limit()
    {
        var error = await Assert.ThrowsAsync<FaultMatrixException>(() => StartAsync("cat > /dev/null", TimeSpan.FromMilliseconds(300)));

        Assert.Equal("the local cluster was not ready within 0.3 s and was ended", error.Message);
        Assert.False(Directory.Exists(ClusterFolder));
    }

    [Fact]
    public async Task Start_that_is_cancelled_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StartAsync("cat > /dev/null", cancellation: cancelled.Token));

        Assert.False(Directory.Exists(ClusterFolder));
    }

    [Fact]
    public async Task Start_without_the_program_is_one_coded_error()
    {
        var options = Options();
        options = options with { StandIn = options.StandIn with { Assembly = "/nowhere/Program.dll" } };

        var error = await Assert.ThrowsAsync<FaultMatrixException>(() =>
            LocalClusterProcess.StartAsync(options, TimeProvider.System, Cancellation));

        Assert.Equal("FT0303", error.Code);
        Assert.False(Directory.Exists(ClusterFolder));
    }

    private Task<LocalClusterProcess> StartAsync(string script, TimeSpan? limit = null, CancellationToken? cancellation = null)
    {
        var dotnet = Path.Combine(_folder, "dotnet");
        if (!File.Exists(dotnet))
        {
            File.WriteAllText(dotnet, $"#!/bin/sh\n{script}\n");
            File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var options = Options();
        return LocalClusterProcess.StartAsync(
            options with { StartLimit = limit ?? options.StartLimit }, TimeProvider.System, cancellation ?? Cancellation);
    }

    private LocalClusterOptions Options()
    {
        var program = Directory.CreateDirectory(Path.Combine(_folder, "program")).FullName;
        var template = Path.Combine(_folder, "apphost");
        File.WriteAllText(template, "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2");
        return new LocalClusterOptions
        {
            DotnetRoot = _folder,
            Program = Path.Combine(_folder, "Cluster.dll"),
            Folder = ClusterFolder,
            Namespace = "fault-matrix",
            Manifests = [],
            StandIn = new ImageFolder(Path.Combine(program, "Program.dll"), template, ["python3"], "{}"),
        };
    }
}

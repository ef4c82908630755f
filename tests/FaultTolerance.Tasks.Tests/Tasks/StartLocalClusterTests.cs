using FaultTolerance.Tasks;

namespace FaultTolerance.Tests.Tasks;

public sealed class StartLocalClusterTests
{
    [Fact]
    public async Task Execute_where_there_is_no_Linux_says_what_else_to_do_and_makes_nothing()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"faultmatrix-{Guid.NewGuid():N}");
        var engine = new RecordingEngine();
        using var task = new StartLocalCluster { BuildEngine = engine, Folder = folder, OtherSystem = "Microsoft Windows 10.0.26100" };

        Assert.False(await Task.Run(task.Execute, TestContext.Current.CancellationToken));

        Assert.Equal(
            [
                "error FT0303: the local cluster runs on Linux only, and this machine has Microsoft Windows 10.0.26100. Name a cluster with "
                + "-p:Kubeconfig=FILE and -p:Namespace=NAMESPACE, or use a Linux machine or container",
            ],
            engine.Lines);
        Assert.False(Directory.Exists(folder));
    }
}

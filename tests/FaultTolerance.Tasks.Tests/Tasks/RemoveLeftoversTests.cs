using FaultTolerance.Faults.Undo;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Deployments;

namespace FaultTolerance.Tests.Tasks;

/// <summary>What a Teardown does beside removing graphs.</summary>
public sealed class RemoveLeftoversTests
{
    [Fact]
    public async Task Execute_removes_the_graph_though_a_fault_cannot_be_undone_and_says_so()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("deployments", TestGraph.Deployment());
        cluster.Put("configmaps", new UndoNote("faultmatrix-undo-1", "0", "fromTheFuture", "decode", null, []).ToConfigMap());
        var engine = new RecordingEngine();
        using var task = new RemoveLeftovers { BuildEngine = engine, Kubeconfig = cluster.Api.Kubeconfig };

        var done = await Task.Run(task.Execute, TestContext.Current.CancellationToken);

        Assert.False(done);
        Assert.Null(cluster.Get("deployments", TestGraph.Name));
        Assert.Contains(engine.Lines, line => line.Contains("FT0615", StringComparison.Ordinal)
            && line.Contains("does not know the kind", StringComparison.Ordinal));
    }
}

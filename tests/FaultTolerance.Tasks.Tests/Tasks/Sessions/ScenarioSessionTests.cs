using FaultTolerance.Graphs.Transport;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster.Sharing;
using FaultTolerance.Load;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using FaultTolerance.Tasks;
using FaultTolerance.Tasks.Sessions;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Deployments;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Tasks.Sessions;

public sealed class ScenarioSessionTests : IDisposable
{
    private const string Manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: small, labels: {faultmatrix.dev/graph: small, faultmatrix.dev/role: frontend}}
        spec:
          selector: {matchLabels: {faultmatrix.dev/graph: small}}
          template:
            metadata: {labels: {faultmatrix.dev/graph: small}}
            spec: {containers: [{name: main, image: x}]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("session-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TearDown_removes_the_graph_though_the_load_neither_stops_nor_ends()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var session = await OpenAsync(cluster, time);
        session.Load = new StuckLoad();
        cluster.Put("deployments", session.Watch.Graph.Objects[0].Body.DeepClone().AsObject());

        await time.PumpAsync(session.TearDownAsync(TimeSpan.FromSeconds(20), null, Cancellation), seconds: 90);
        await time.PumpAsync(session.DisposeAsync().AsTask(), seconds: 90);

        Assert.Empty(cluster.Names("deployments"));
        Assert.Contains(
            "\"code\":\"FT0708\",\"message\":\"the load did not end within 30 s\"",
            await File.ReadAllTextAsync(session.Folder.Timeline, Cancellation),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task TearDown_can_be_called_again()
    {
        await using var cluster = await FakeCluster.StartAsync();
        await using var session = await OpenAsync(cluster, TimeProvider.System);
        cluster.Put("deployments", session.Watch.Graph.Objects[0].Body.DeepClone().AsObject());

        await session.TearDownAsync(TimeSpan.FromSeconds(20), null, Cancellation);
        await session.TearDownAsync(TimeSpan.FromSeconds(20), null, Cancellation);

        Assert.Empty(cluster.Names("deployments"));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Lease_that_owns_the_deployment_removes_it_at_the_builds_end(bool owns, int left)
    {
        await using var cluster = await FakeCluster.StartAsync();
        var session = await OpenAsync(cluster, TimeProvider.System);
        cluster.Put("deployments", session.Watch.Graph.Objects[0].Body.DeepClone().AsObject());

        await Task.Run(() => new Lease(session, owns, TimeSpan.FromSeconds(20)).Dispose(), Cancellation);

        Assert.Equal(left, cluster.Names("deployments").Count);
    }

    [Fact]
    public async Task Teardown_while_another_run_holds_the_namespace_is_refused_and_removes_nothing()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("deployments", TestGraph.Deployment());
        cluster.Put("leases", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = NamespaceLease.Name },
            ["spec"] = new JsonObject { ["holderIdentity"] = "eve@elsewhere, process 1, run r9", ["renewTime"] = TimeProvider.System.GetUtcNow().ToString("o") },
        });
        var engine = new RecordingEngine();
        using var task = new RemoveLeftovers { BuildEngine = engine, Kubeconfig = cluster.Api.Kubeconfig };

        Assert.False(await Task.Run(task.Execute, Cancellation));

        Assert.Contains("error FT0315", Assert.Single(engine.Lines), StringComparison.Ordinal);
        Assert.Equal([TestGraph.Name], cluster.Names("deployments"));
    }

    private async Task<ScenarioSession> OpenAsync(FakeCluster cluster, TimeProvider time)
    {
        var manifest = Path.Combine(_folder, "small.yaml");
        await File.WriteAllTextAsync(manifest, Manifest, Cancellation);
        var clock = RunClock.Start(time);
        var run = RunFolder.Create(Path.Combine(_folder, "results"), new RunManifest
        {
            Id = RunFolder.NewId(time),
            Anchor = clock.Anchor,
            TimestampFrequency = time.TimestampFrequency,
            BootId = RunFolder.CurrentBootId(),
            Profile = "quick",
            Scenarios = ["small-none"],
            Seed = 1,
            Namespace = "ft",
        });
        var scenario = new Scenario(new Deployment { Name = "small", Manifest = manifest }, new Failure("none", []), new LoadSpec { Name = "l" }, "quick") { GraphName = "ft-small-none" };
        return await ScenarioSession.OpenAsync(
            await cluster.ConnectAsync(time), scenario, run, (session, watch) => new PortForwardTransport(session, watch), observe: true,
                Cancellation);
    }

    /// <summary>A load whose end never comes.</summary>
    private sealed class StuckLoad : ILoadRun
    {
        private readonly TaskCompletionSource<LoadTotals> _never = new();

        public Task<DateTimeOffset> FirstRequest => Task.FromResult(DateTimeOffset.UnixEpoch);

        public Task<LoadTotals> Completion => _never.Task;

        public LoadProgress Progress => new(1, 0, 0, 1);

        public Task<LoadTotals> StopAsync(string reason) => _never.Task;

        public ValueTask DisposeAsync() => new(_never.Task);
    }
}

using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Collection;
using FaultTolerance.Deployments;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Graphs.Transport;
using FaultTolerance.Load;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tasks.Sessions;

/// <summary>
/// What the tasks of one scenario share while they run in one process: the connection, the graph's watch, the logs, the load. Each
/// task can also open one of its own, since all that must outlive a process stands in the run's folder or in the cluster.
/// </summary>
internal sealed class ScenarioSession : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);
    private bool _toldFailure;
    private int _toldNamespace;
    private int _disposed;

    private ScenarioSession(Scenario scenario, RunFolder run, RunClock clock, ClusterSession cluster)
    {
        Scenario = scenario;
        Run = run;
        Folder = run.Scenario(scenario.Name);
        ResultAccess.CreateFolder(Folder.Path);
        Cluster = cluster;
        Timeline = new TimelineWriter(Folder.Timeline, clock);
        Log = new TestLog(Folder.TestLog, clock);
    }

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>The run it belongs to.</summary>
    public RunFolder Run { get; }

    /// <summary>Where its artefacts lie.</summary>
    public ScenarioFolder Folder { get; }

    /// <summary>The connection to the cluster.</summary>
    public ClusterSession Cluster { get; }

    /// <summary>Writes its timeline.</summary>
    public TimelineWriter Timeline { get; }

    /// <summary>Writes its test.log.</summary>
    public TestLog Log { get; }

    /// <summary>Sees every change of the graph's pods; null before the session is open.</summary>
    public GraphWatch Watch { get; private set; } = null!;

    /// <summary>The way to the frontends; null before the session is open.</summary>
    public IFrontendTransport Transport { get; private set; } = null!;

    /// <summary>Fetches logs, metrics and manifests; null before the session is open.</summary>
    public ArtifactCollector Collector { get; private set; } = null!;

    /// <summary>Saves logs of containers that will be gone; null before the session is open.</summary>
    public LogKeeper Keeper { get; private set; } = null!;

    /// <summary>The load that StartLoad began in this process, or null.</summary>
    public ILoadRun? Load { get; set; }

    /// <summary>Samples the pods' metrics while the load of this process runs, or null.</summary>
    public MetricsSampler? Sampler { get; set; }

    /// <summary>Looks whether our own way to the frontends carries while the load of this process runs, or null.</summary>
    public WayWatch? Ways { get; set; }

    /// <summary>Asks pods for their health while the load of this process runs, where a check needs it, or null.</summary>
    public HealthWatch? Health { get; set; }

    /// <summary>Whether the load's end, good or bad, was told by the task that waited for it.</summary>
    public bool LoadAwaited { get; set; }

    /// <summary>The model that answered when the graph became ready, or null before that.</summary>
    public string? Model { get; set; }

    /// <summary>The run's seed.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>That the cluster was found to be gone, or null: then no phase of this process need wait for it again.</summary>
    public FaultMatrixException? ClusterGone { get; set; }

    /// <summary>Connects and begins to watch.</summary>
    /// <param name="cluster">The connection; the session's from here on.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="run">The run.</param>
    /// <param name="way">Makes the way to the frontends.</param>
    /// <param name="observe">Write what the watch sees to the timeline; only one process of a scenario does.</param>
    /// <param name="cancellation">For the start.</param>
    public static async Task<ScenarioSession> OpenAsync(
        ClusterSession cluster, Scenario scenario, RunFolder run, Func<ClusterSession, GraphWatch, IFrontendTransport> way, bool observe,
        CancellationToken cancellation)
    {
        var session = new ScenarioSession(scenario, run, run.Clock(cluster.Time), cluster);
        try
        {
            var graph = await GraphKinds.Default.LoadAsync(cluster, scenario, run.Manifest.Id, cancellation);
            session.Watch = await GraphWatch.StartAsync(cluster, graph, observe ? session.Timeline : null, cancellation);
            session.Transport = way(cluster, session.Watch);
            session.Collector = new ArtifactCollector(cluster, session.Folder, session.Timeline);
            session.Keeper = new LogKeeper(session.Watch, session.Collector);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>A write to the timeline or the log that failed; told once, null after that.</summary>
    public FaultMatrixException? TakeWriteFailure()
    {
        var failure = _toldFailure ? null : Timeline.Failure ?? Log.Failure;
        _toldFailure |= failure is not null;
        return failure;
    }

    /// <summary>Writes to the timeline that the run lost its namespace; true for the first that tells so.</summary>
    public bool NoteLostNamespace(FaultMatrixException loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (Interlocked.Exchange(ref _toldNamespace, 1) == 1)
        {
            return false;
        }

        Tell(loss.Code, loss.Message);
        return true;
    }

    /// <summary>Which pods are ready, in few words: <c>Frontend 1/1, VllmDecodeWorker 0/1</c>.</summary>
    public string PodsInShort() => string.Join(", ", Watch.Graph.Services.Select(service =>
        $"{service.Name} {Watch.Pods.Count(pod => pod.Service == service && pod.IsReady)}/{service.PodCount}"));

    /// <summary>Stops the load, if one runs, and removes the graph, whatever becomes of all else. Can be called again.</summary>
    /// <param name="patience">How long pods may take to end by themselves.</param>
    /// <param name="waiting">Told what is waited for, when nothing has changed for a while; null for nobody.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task TearDownAsync(TimeSpan patience, Action<string>? waiting, CancellationToken cancellation)
    {
        await WithinAsync("the load", () => Load is { } load && !LoadAwaited ? load.StopAsync("teardown") : Task.CompletedTask);
        await WithinAsync("the sampling of metrics", StopSamplingAsync);
        await WithinAsync("the saving of logs", () => Keeper?.StopAsync() ?? Task.CompletedTask);
        await new GraphRemover(Cluster, Log, waiting).RemoveAsync(Watch, patience, cancellation);
    }

    /// <summary>
    /// Ends what looks on beside the load: the sampling of metrics, of which what could not be written is told in the timeline, and the
    /// watches of the ways and of the pods' health. Can be called again.
    /// </summary>
    public async Task StopSamplingAsync()
    {
        var ways = Ways;
        Ways = null;
        await EndAsync(ways);
        var health = Health;
        Health = null;
        await EndAsync(health);
        var sampler = Sampler;
        Sampler = null;
        if (sampler is null)
        {
            return;
        }

        await using (sampler)
        {
            if (await sampler.StopAsync() is { } failure)
            {
                Tell(failure.Code, failure.Message);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await WithinAsync("the sampling of metrics", StopSamplingAsync);
        await WithinAsync("the load", () => EndAsync(Load));
        await WithinAsync("the saving of logs", () => EndAsync(Keeper));
        await WithinAsync("the connections to the frontends", () => EndAsync(Transport));
        await WithinAsync("the watch of the pods", () => EndAsync(Watch));
        Timeline.Dispose();
        Log.Dispose();
        Cluster.Dispose();
    }

    private static Task EndAsync(IAsyncDisposable? part) => part is null ? Task.CompletedTask : part.DisposeAsync().AsTask();

    // One part that fails or does not end must not keep the others, and the graph, from theirs.
    private async Task WithinAsync(string what, Func<Task> end)
    {
        try
        {
            await end().WaitAsync(EndLimit, Cluster.Time);
        }
        catch (TimeoutException)
        {
            Tell("FT0708", $"{what} did not end within {EndLimit.TotalSeconds:0} s");
        }
        catch (Exception e)
        {
            Tell((e as FaultMatrixException)?.Code ?? "FT0999", $"{what} ended with an error: {ForeignText.Line(e.Message)}");
        }
    }

    private void Tell(string code, string message) => Timeline.Write(new ErrorNoted(code, message));
}

using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Transport;
using FaultTolerance.Load;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Probes;
using FaultTolerance.Load.Urls;
using FaultTolerance.LoadJobs;
using FaultTolerance.Planning;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tasks.Sessions;

/// <summary>Starts a scenario's load in pods of the cluster.</summary>
internal static class PodLoad
{
    // Beyond twice its planned time: the start, waits for late answers, the fetching of logs.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(15);

    /// <summary>Starts it.</summary>
    /// <param name="session">The scenario's session.</param>
    /// <param name="load">The load, with its seed.</param>
    /// <param name="lastFaultDue">When the last fault is due, after the first request; null: none is planned.</param>
    /// <param name="cancellation">For the start.</param>
    public static async Task<ILoadRun> StartAsync(
        ScenarioSession session, LoadSpec load, TimeSpan? lastFaultDue, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var frontends = ServiceTransport.FrontendsOf(session.Watch);
        var probe = ProbeOf(session, load);
        var run = await LoadJobStart.RunAsync(
            session.Cluster,
            new LoadJobOptions
            {
                Owner = new GraphOwner(session.Run.Manifest.Id, session.Scenario.Name, session.Cluster.Namespace),
                Load = load,
                Model = session.Model!,
                Frontends = () => frontends.Ready,
                WatchSteady = session.Scenario.Failure.WaitsForSteady,
                LastFaultDue = lastFaultDue,
                Deadline = (2 * ExpectedDuration.OfLoad(load)) + (load.UntilRecovered ?? TimeSpan.Zero) + (lastFaultDue ?? TimeSpan.Zero)
                    + Slack,
                Probe = probe,
            },
            session.Folder,
            session.Timeline,
            cancellation);
        // In the probe's own timeline: what breaks on its way is nothing to the pods' clients.
        session.Ways = probe?.Timeline is { } timeline && session.Transport.IsTunnel
            ? WayWatch.Start(session.Cluster, session.Transport, timeline) : null;
        return run;
    }

    private static Probe? ProbeOf(ScenarioSession session, LoadSpec load) => load.ProbeRate == 0 ? null : new Probe(
        load, session.Model!, session.Transport, session.Folder.Probe, session.Timeline.Clock,
        new LoadOptions { Headers = (session.Transport as UrlTransport)?.Headers ?? RequestHeaders.None });
}

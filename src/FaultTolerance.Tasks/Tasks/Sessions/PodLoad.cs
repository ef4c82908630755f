using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Transport;
using FaultTolerance.Load;
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
    /// <param name="cancellation">For the start.</param>
    public static Task<ILoadRun> StartAsync(ScenarioSession session, LoadSpec load, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var frontends = ServiceTransport.FrontendsOf(session.Watch);
        return LoadJobStart.RunAsync(
            session.Cluster,
            new LoadJobOptions
            {
                Owner = new GraphOwner(session.Run.Manifest.Id, session.Scenario.Name, session.Cluster.Namespace),
                Load = load,
                Model = session.Model!,
                Frontends = () => frontends.Ready,
                Deadline = (2 * ExpectedDuration.OfLoad(load)) + Slack,
            },
            session.Folder,
            session.Timeline,
            cancellation);
    }
}

using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Graphs.Pods;

/// <summary>Writes what a watch sees to the timeline.</summary>
/// <param name="timeline">The timeline.</param>
internal sealed class WatchRecord(TimelineWriter timeline)
{
    /// <summary>A pod's transition.</summary>
    public void Write(GraphPod pod, PodTransition transition) => timeline.Write(new PodChanged
    {
        Service = pod.Service.Name,
        Pod = pod.Name,
        Uid = pod.Uid,
        Change = transition.Change,
        Container = transition.Container,
        Restarts = transition.Restarts,
        ExitCode = transition.ExitCode,
        Reason = string.IsNullOrEmpty(transition.Reason) ? null : transition.Reason,
        StatusAt = transition.StatusAt?.ToUniversalTime().Ticks,
        Headless = pod.IsHeadless ? true : null,
        Revision = transition.Change == PodChange.Added ? pod.Revision : null,
    });

    /// <summary>A service is to have another number of replicas.</summary>
    public void Replicas(string service, long before, long wanted) => timeline.Write(new ReplicasChanged(service, before, wanted));

    /// <summary>A pod's readiness behind a Service.</summary>
    public void Endpoint(string service, string pod, bool ready) => timeline.Write(new EndpointChanged(service, pod, ready));

    /// <summary>Pods of other graphs in this one's Dynamo namespace.</summary>
    public void Neighbours(IEnumerable<NeighbourChanged> neighbours)
    {
        foreach (var neighbour in neighbours)
        {
            timeline.Write(neighbour);
        }
    }

    /// <summary>Something that went wrong, or that somebody else did.</summary>
    public void Error(string code, string message) => timeline.Write(new ErrorNoted(code, message));
}

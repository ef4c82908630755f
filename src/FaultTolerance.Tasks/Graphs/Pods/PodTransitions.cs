using FaultTolerance.Artefacts.Events;
using k8s.Models;

namespace FaultTolerance.Graphs.Pods;

/// <summary>One thing that happened to a pod.</summary>
/// <param name="Change">What.</param>
/// <param name="Container">The container it happened to; null when to the pod.</param>
/// <param name="Restarts">Restarts of the container, of the whole pod otherwise.</param>
/// <param name="ExitCode">Exit code of a container that ended.</param>
/// <param name="Reason">The cluster's reason.</param>
/// <param name="StatusAt">The cluster's own stamp.</param>
internal readonly record struct PodTransition(
    PodChange Change,
    string? Container,
    int Restarts,
    int? ExitCode,
    string? Reason,
    DateTime? StatusAt
);

/// <summary>
/// What happened between two states of a pod. Pure; states that were skipped come out as far as the later one tells of them.
/// </summary>
internal static class PodTransitions
{
    /// <summary>The transitions in the order in which they must have happened.</summary>
    /// <param name="before">The earlier state; null when the pod was not known.</param>
    /// <param name="after">The later state; null when it is gone.</param>
    public static IEnumerable<PodTransition> Between(V1Pod? before, V1Pod? after)
    {
        if (after is null)
        {
            return before is null ? [] : [new PodTransition(PodChange.Deleted, null, Restarts(before), null, null, null)];
        }

        var transitions = new List<PodTransition>();
        if (before is null)
        {
            transitions.Add(new PodTransition(PodChange.Added, null, Restarts(after), null, null, after.Metadata?.CreationTimestamp));
        }

        if (after.Metadata?.DeletionTimestamp is { } deletion && before?.Metadata?.DeletionTimestamp is null)
        {
            // The stamp is when the grace ends; what is told is when the deletion was asked for.
            var asked = deletion.AddSeconds(-(after.Metadata.DeletionGracePeriodSeconds ?? 0));
            transitions.Add(new PodTransition(PodChange.Terminating, null, Restarts(after), null, Disruption(after), asked));
        }

        var wasReady = Ready(before);
        var ready = Ready(after);
        if (IsTrue(wasReady) && !IsTrue(ready))
        {
            transitions.Add(new PodTransition(PodChange.NotReady, null, Restarts(after), null, ready?.Reason, ready?.LastTransitionTime));
        }

        foreach (var status in after.Status?.ContainerStatuses ?? [])
        {
            var earlier = before?.Status?.ContainerStatuses?.FirstOrDefault(s => s.Name == status.Name);
            transitions.AddRange(Container(earlier, status));
        }

        if (!IsTrue(wasReady) && IsTrue(ready))
        {
            transitions.Add(new PodTransition(PodChange.Ready, null, Restarts(after), null, null, ready!.LastTransitionTime));
        }

        return transitions;
    }

    private static IEnumerable<PodTransition> Container(V1ContainerStatus? before, V1ContainerStatus after)
    {
        foreach (var ended in new[] { after.LastState?.Terminated, after.State?.Terminated })
        {
            if (ended is not null && !Same(ended, before?.LastState?.Terminated) && !Same(ended, before?.State?.Terminated))
            {
                yield return new PodTransition(
                    PodChange.ContainerTerminated,
                    after.Name,
                    after.RestartCount,
                    ended.ExitCode,
                    ended.Reason,
                    ended.FinishedAt
                );
            }
        }

        var started = after.State?.Running?.StartedAt ?? after.State?.Terminated?.StartedAt;
        var fresh =
            before is null
            || after.ContainerID != before.ContainerID
            || after.State?.Running?.StartedAt != before.State?.Running?.StartedAt;
        if (after.RestartCount > (before?.RestartCount ?? 0))
        {
            yield return new PodTransition(
                PodChange.Restarted,
                after.Name,
                after.RestartCount,
                null,
                after.LastState?.Terminated?.Reason,
                started
            );
        }

        if (after.State?.Running is not null && fresh)
        {
            yield return new PodTransition(PodChange.ContainerStarted, after.Name, after.RestartCount, null, null, started);
        }
    }

    // Container ids are not filled in everywhere; two ends of one container at the same second with the same code are one.
    private static bool Same(V1ContainerStateTerminated a, V1ContainerStateTerminated? b) =>
        b is not null
        && a.ContainerID == b.ContainerID
        && a.FinishedAt == b.FinishedAt
        && a.StartedAt == b.StartedAt
        && a.ExitCode == b.ExitCode;

    private static V1PodCondition? Ready(V1Pod? pod) => pod?.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready");

    // Who takes a pod away, where the cluster says it: an eviction, a preemption, a taint.
    private static string? Disruption(V1Pod pod) =>
        pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "DisruptionTarget" && c.Status == "True")?.Reason ?? pod.Status?.Reason;

    private static bool IsTrue(V1PodCondition? condition) => condition?.Status == "True";

    private static int Restarts(V1Pod pod) => pod.Status?.ContainerStatuses?.Sum(s => s.RestartCount) ?? 0;
}

using FaultTolerance.Graphs.Pods;
using k8s.Models;

namespace FaultTolerance.Faults.Processes;

/// <summary>The end of a container, as its pod's status tells.</summary>
/// <param name="Text">What is said of it.</param>
/// <param name="ExitCode">Its exit code; null where the pod went with it and said nothing.</param>
/// <param name="Reason">The kubelet's reason.</param>
internal sealed record ContainerEnded(string Text, int? ExitCode, string? Reason)
{
    /// <summary>The status of a target's container in a pod; null before the kubelet wrote one.</summary>
    public static V1ContainerStatus? Status(PodTarget target, GraphPod? pod)
    {
        ArgumentNullException.ThrowIfNull(target);
        return pod?.Object.Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == target.Container);
    }

    /// <summary>Its end since an earlier status; null while it runs.</summary>
    public static ContainerEnded? Since(V1ContainerStatus? before, PodTarget target, GraphPod? pod)
    {
        if (pod is null)
        {
            return new ContainerEnded("the pod is gone", null, null);
        }

        if (Status(target, pod) is not { } now || before is null)
        {
            return null;
        }

        if (now.RestartCount > before.RestartCount || now.ContainerID != before.ContainerID)
        {
            var last = now.LastState?.Terminated;
            return new ContainerEnded(
                $"container restarted ({before.RestartCount} -> {now.RestartCount}; {last?.Reason}, exit code {last?.ExitCode})",
                last?.ExitCode,
                last?.Reason);
        }

        return now.State?.Terminated is { } ended
            ? new ContainerEnded($"container ended ({ended.Reason}, exit code {ended.ExitCode})", ended.ExitCode, ended.Reason)
            : null;
    }
}

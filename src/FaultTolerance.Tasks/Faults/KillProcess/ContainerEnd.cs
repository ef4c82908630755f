using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>What the kubelet tells of a killed container.</summary>
internal static class ContainerEnd
{
    /// <summary>Writes the container's end when it is told, for as long as no other fault hits it and its pod is not being removed. A kill
    /// is proven
    /// long before: this holds nothing up.</summary>
    public static void Report(FaultContext context, PodTarget target)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        var told = 0;
        var mine = context.Scene.Own(target);
        context.Watch.OnTransition((pod, transition) =>
        {
            if (transition.Change == PodChange.ContainerTerminated && pod.Uid == target.Pod.Uid && transition.Container == target.Container
                && !pod.IsTerminating && mine() && Interlocked.Exchange(ref told, 1) == 0)
            {
                var proof = $"container ended ({transition.Reason}, exit code {transition.ExitCode}), restarts {transition.Restarts}";
                context.Write(new FaultContainerEnded
                {
                    Restarts = transition.Restarts, ExitCode = transition.ExitCode ?? 0, Reason = transition.Reason, Proof = proof,
                });
            }
        });
    }
}

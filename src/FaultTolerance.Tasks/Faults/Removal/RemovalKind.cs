using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Removal;

/// <summary>A kind whose order takes a pod away. Its logs are saved first, and its proof is that of <see cref="PodRemoval"/>.</summary>
/// <typeparam name="TFault">The record of its faults.</typeparam>
internal abstract class RemovalKind<TFault> : PodFaultKind<TFault>
    where TFault : Fault
{
    /// <inheritdoc/>
    public sealed override Task PrepareAsync(FaultScene scene, FaultTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        return PodLogs.SaveAsync(scene, ((PodTarget)target).Pod, cancellation);
    }

    /// <summary>How long the pod may take to end, beside the time for the proof; null for a kind that gives it none.</summary>
    protected abstract TimeSpan? Grace(TFault fault, PodTarget target);

    /// <summary>Gives the order; false where the API says that the pod is not there.</summary>
    protected abstract Task<bool> OrderAsync(FaultContext context, TFault fault, PodTarget target, CancellationToken cancellation);

    /// <summary>A pod's own time to end, or Kubernetes' default.</summary>
    protected static TimeSpan GraceOf(PodTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return TimeSpan.FromSeconds(target.Pod.Object.Spec.TerminationGracePeriodSeconds ?? 30);
    }

    /// <inheritdoc/>
    protected sealed override Task<FaultProof> InjectAsync(
        FaultContext context, TFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        var grace = Grace(fault, target);
        return PodRemoval.RunAsync(
            context,
            target,
            context.Options.ProofTimeout + (grace ?? TimeSpan.Zero),
            () => OrderAsync(context, fault, target, cancellation),
            cancellation,
            timed: grace is not null);
    }
}

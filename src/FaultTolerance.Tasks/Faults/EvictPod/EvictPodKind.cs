using FaultTolerance.Cluster;
using FaultTolerance.Faults.Removal;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.EvictPod;

/// <summary>Evicts the pod, as a drain or a cluster's autoscaler does. A disruption budget that refuses is honoured.</summary>
internal sealed class EvictPodKind : PodFaultKind<EvictPodFault>
{
    /// <inheritdoc/>
    public override string Kind => EvictPodFault.Word;

    /// <inheritdoc/>
    public override string Summary => "evicts the pod; a disruption budget that refuses is honoured";

    /// <inheritdoc/>
    public override string Proof => "the API agreed, the pod's containers have ended, and another pod is in its place";

    /// <inheritdoc/>
    public override IFaultWords Words { get; } =
        new PlainWords<EvictPodFault>(_ => "evict_pod", _ => "evicts", _ => "evict pod", "A pod was evicted:");

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = [Eviction.Right];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item) => new EvictPodFault();

    /// <inheritdoc/>
    public override Task PrepareAsync(FaultScene scene, FaultTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        return PodLogs.SaveAsync(scene, ((PodTarget)target).Pod, cancellation);
    }

    /// <inheritdoc/>
    protected override Task<FaultProof> InjectAsync(
        FaultContext context, EvictPodFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        var patience = context.Options.ProofTimeout;
        return PodRemoval.RunAsync(
            context,
            target,
            patience + TimeSpan.FromSeconds(target.Pod.Object.Spec.TerminationGracePeriodSeconds ?? 30),
            () => Eviction.RunAsync(context.Session, target.Name, target.Pod.Uid, patience, cancellation),
            cancellation,
            timed: true);
    }
}

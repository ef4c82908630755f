using FaultTolerance.Cluster;
using FaultTolerance.Faults.Removal;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.EvictPod;

/// <summary>Evicts the pod, as a drain or a cluster's autoscaler does. A disruption budget that refuses is honoured.</summary>
internal sealed class EvictPodKind : RemovalKind<EvictPodFault>
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
    protected override TimeSpan? Grace(EvictPodFault fault, PodTarget target) => GraceOf(target);

    /// <inheritdoc/>
    protected override Task<bool> OrderAsync(
        FaultContext context, EvictPodFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        return Eviction.RunAsync(context.Session, target.Name, target.Pod.Uid, context.Options.ProofTimeout, cancellation);
    }
}

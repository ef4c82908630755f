using FaultTolerance.Cluster;
using FaultTolerance.Faults.Removal;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.DeletePod;

/// <summary>
/// Deletes the pod through the API with grace 0, by its uid. Proof: it has ended (<see cref="PodEnd"/>), and another pod of the service,
/// younger than the order, is there in its place and in no other's.
/// </summary>
internal sealed class DeletePodKind : RemovalKind<DeletePodFault>
{
    /// <inheritdoc/>
    public override string Kind => DeletePodFault.Word;

    /// <inheritdoc/>
    public override string Summary => "deletes the pod with grace 0";

    /// <inheritdoc/>
    public override string Proof => "the pod's containers have ended, or nothing of it can be reached, and another pod is in its place";

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new DeletePodWords();

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = [new("delete", "", "pods")];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item) => new DeletePodFault();

    /// <inheritdoc/>
    protected override TimeSpan? Grace(DeletePodFault fault, PodTarget target) => null;

    /// <inheritdoc/>
    protected override Task<bool> OrderAsync(
        FaultContext context, DeletePodFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        return context.Session.DeleteAsync(ResourceType.Pods, target.Name, new Deletion(0, target.Pod.Uid), cancellation);
    }
}

using System.Collections.Immutable;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Removal;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.DeleteGracefully;

/// <summary>
/// Deletes the pod through the API with a grace period, so that it can finish what it has begun. How long that took is in the
/// proof.
/// </summary>
internal sealed class DeleteGracefullyKind : RemovalKind<DeleteGracefullyFault>
{
    private static readonly WholeKey GraceKey = new("grace", "seconds that it gets; else its own period.", 1, 3600);

    /// <inheritdoc/>
    public override string Kind => DeleteGracefullyFault.Word;

    /// <inheritdoc/>
    public override string Summary => "deletes the pod and gives it time to finish what it has begun";

    /// <inheritdoc/>
    public override string Proof => "the pod's containers have ended, with the time that took, and another pod is in its place";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } = [GraceKey];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<DeleteGracefullyFault>(
        _ => "delete_pod", _ => "deletes with grace", _ => "delete gracefully", "A pod was deleted with time to finish:");

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = [new("delete", "", "pods")];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new DeleteGracefullyFault { Grace = GraceKey.ReadIfGiven(item) };
    }

    /// <inheritdoc/>
    protected override TimeSpan? Grace(DeleteGracefullyFault fault, PodTarget target)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.Grace is { } seconds ? TimeSpan.FromSeconds(seconds) : GraceOf(target);
    }

    /// <inheritdoc/>
    protected override Task<bool> OrderAsync(
        FaultContext context, DeleteGracefullyFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(target);
        return context.Session.DeleteAsync(ResourceType.Pods, target.Name, new Deletion(fault.Grace, target.Pod.Uid), cancellation);
    }
}

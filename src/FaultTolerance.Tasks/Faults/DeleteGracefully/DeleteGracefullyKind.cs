using System.Collections.Immutable;
using System.Text.Json.Nodes;
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
internal sealed class DeleteGracefullyKind : PodFaultKind<DeleteGracefullyFault>
{
    private const string GraceKey = "grace";
    private const int Longest = 3600;
    private const int Usual = 30;

    /// <inheritdoc/>
    public override string Kind => DeleteGracefullyFault.Word;

    /// <inheritdoc/>
    public override string Summary => "deletes the pod and gives it time to finish what it has begun";

    /// <inheritdoc/>
    public override string Proof => "the pod's containers have ended, with the time that took, and another pod is in its place";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        new(GraceKey, new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = Longest }, "seconds that it gets; else its own period."),
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<DeleteGracefullyFault>(
        _ => "delete_pod", _ => "deletes with grace", _ => "delete gracefully", "A pod was deleted with time to finish:");

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = [new("delete", "", "pods")];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new DeleteGracefullyFault { Grace = item.Has(GraceKey) ? item.Int(GraceKey, 1, 1, Longest) : null };
    }

    /// <inheritdoc/>
    public override Task PrepareAsync(FaultScene scene, FaultTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        return PodLogs.SaveAsync(scene, ((PodTarget)target).Pod, cancellation);
    }

    /// <inheritdoc/>
    protected override Task<FaultProof> InjectAsync(
        FaultContext context, DeleteGracefullyFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(target);
        var grace = TimeSpan.FromSeconds(fault.Grace ?? target.Pod.Object.Spec.TerminationGracePeriodSeconds ?? Usual);
        return PodRemoval.RunAsync(
            context,
            target,
            context.Options.ProofTimeout + grace,
            () => context.Session.DeleteAsync(ResourceType.Pods, target.Name, new Deletion(fault.Grace, target.Pod.Uid), cancellation),
            cancellation,
            timed: true);
    }
}

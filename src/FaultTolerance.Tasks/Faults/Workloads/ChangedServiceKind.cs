using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Workloads;

/// <summary>A kind that changes one value of a service for a while, and puts it back.</summary>
/// <typeparam name="TFault">The record of its faults.</typeparam>
internal abstract class ChangedServiceKind<TFault> : ServiceFaultKind<TFault>, IUndoneFaultKind
    where TFault : Fault, ILastingFault
{
    /// <inheritdoc/>
    public string Undoing =>
        "the value is put back; proven when the object has it and its controller has taken note of it (observedGeneration). Where nobody "
        + "comes, the next command or ./build.sh Heal does it.";

    /// <inheritdoc/>
    public TimeSpan Lasts(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return ((ILastingFault)fault).For;
    }

    /// <inheritdoc/>
    public Task<JsonObject> UndoAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var places = PlacesOf(context);
        return ObjectChange.UndoAsync(context.Session, places.Object, Place((TFault)context.Fault, places), cancellation);
    }

    /// <inheritdoc/>
    public Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation) =>
        ObjectChange.RestoreAsync(session, undo, cancellation);

    /// <summary>Where the value stands.</summary>
    protected abstract IReadOnlyList<string> Place(TFault fault, ServicePlaces places);

    /// <summary>What is put there.</summary>
    protected abstract JsonNode Value(TFault fault);

    /// <summary>The proof that the service's pods are; null while they are none.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="pods">The service's pods.</param>
    /// <param name="before">Uids of those that were there before.</param>
    protected abstract string? Proves(TFault fault, IReadOnlyList<GraphPod> pods, IReadOnlySet<string> before);

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(FaultContext context, TFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        var places = PlacesOf(context);
        var before = PodsOf(context, context.Watch.Pods).Select(pod => pod.Uid).ToHashSet(StringComparer.Ordinal);
        context.Say($"{Words.PlanShort(fault)}: {places.Object.Type.Kind} {places.Object.Name}");
        var issued = context.Write(new FaultIssued());
        await ObjectChange.ApplyAsync(context.Session, places.Object, Place(fault, places), Value(fault), cancellation);
        var proof = await WhenAsync(
            context,
            context.Options.ProofTimeout,
            pods => Proves(fault, [.. PodsOf(context, pods)], before),
            $"the pods of {ServiceOf(context).Name} do not show the change",
            cancellation);
        var landed = context.Write(new FaultLanded { Proof = proof });
        return new FaultProof(issued, landed, proof);
    }
}

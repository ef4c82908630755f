using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Nodes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.CordonNode;

/// <summary>Closes a node for new pods; those that run there go on.</summary>
internal sealed class CordonNodeKind : NodeFaultKind<CordonNodeFault>
{
    /// <inheritdoc/>
    public override string Kind => CordonNodeFault.Word;

    /// <inheritdoc/>
    public override string Summary => "closes the node on which the pod runs for new pods, for a while";

    /// <inheritdoc/>
    public override string Proof => "the node says that it takes no pods (spec.unschedulable)";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } = [CommonKeys.For];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } =
        new PlainWords<CordonNodeFault>(_ => "cordon", _ => "cordons", _ => "cordon node", "The node was closed for new pods of");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item) => new CordonNodeFault { For = CommonKeys.ReadFor(item) };

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, CordonNodeFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Say($"Closing node {context.Target.Name}");
        var issued = context.Write(new FaultIssued());
        await CloseAsync(context, cancellation);
        var proof = $"node {context.Target.Name} takes no pods";
        var landed = context.Write(new FaultLanded { Proof = proof });
        return new FaultProof(issued, landed, proof);
    }
}

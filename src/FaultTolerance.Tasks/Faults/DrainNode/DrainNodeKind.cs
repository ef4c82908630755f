using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Nodes;
using FaultTolerance.Faults.Removal;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.DrainNode;

/// <summary>
/// Closes a node and evicts the graph's pods from it, budgets honoured. Pods that are no part of the graph stay: they are somebody else's.
/// </summary>
internal sealed class DrainNodeKind : NodeFaultKind<DrainNodeFault>
{
    /// <inheritdoc/>
    public override string Kind => DrainNodeFault.Word;

    /// <inheritdoc/>
    public override string Summary =>
        "closes the node on which the pod runs, evicts the graph's pods from it, and opens it again after a while";

    /// <inheritdoc/>
    public override string Proof => "the node says that it takes no pods, and none of those that were evicted is there";

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions => [.. base.Permissions, Eviction.Right];

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } = [CommonKeys.For];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } =
        new PlainWords<DrainNodeFault>(_ => "drain", _ => "drains", _ => "drain node", "The node was drained of pods of");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item) => new DrainNodeFault { For = CommonKeys.ReadFor(item) };

    /// <inheritdoc/>
    public override Task PrepareAsync(FaultScene scene, FaultTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(target);
        return Task.WhenAll(On(scene.Watch.Pods, target.Name).Select(pod => PodLogs.SaveAsync(scene, pod, cancellation)));
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(FaultContext context, DrainNodeFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var node = context.Target.Name;
        context.Say($"Draining node {node}");
        var issued = context.Write(new FaultIssued());
        await CloseAsync(context, cancellation);
        var pods = On(context.Watch.Pods, node).ToArray();
        foreach (var pod in pods)
        {
            context.Write(new FaultHit { Pod = pod.Name, Uid = pod.Uid });
        }

        await Task.WhenAll(pods.Select(pod =>
            Eviction.RunAsync(context.Session, pod.Name, pod.Uid, context.Options.ProofTimeout, cancellation)));
        var patience = context.Options.ProofTimeout
            + TimeSpan.FromSeconds(pods.Select(pod => pod.Object.Spec.TerminationGracePeriodSeconds ?? 30).DefaultIfEmpty().Max());
        using var limit = new CancellationTokenSource(patience, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var proof = await context.Watch.WhenAsync(
                now => pods.Any(pod => now.Any(left => left.Uid == pod.Uid)) ? null
                    : $"node {node} takes no pods; evicted: {string.Join(", ", pods.Select(pod => pod.Name))}",
                both.Token);
            var landed = context.Write(new FaultLanded { Proof = proof });
            return new FaultProof(issued, landed, proof);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException("FT0606", $"evicted pods are still on node '{node}' after {patience.TotalSeconds:0.#} s");
        }
    }

    private static IEnumerable<GraphPod> On(IReadOnlyList<GraphPod> pods, string node) =>
        pods.Where(pod => pod.Object.Spec.NodeName == node && !pod.IsTerminating);
}

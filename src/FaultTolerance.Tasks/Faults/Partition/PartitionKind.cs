using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Network;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Partition;

/// <summary>Has a service not reach another, by a NetworkPolicy. Whether the cluster enforces it is found out by a connection.</summary>
internal sealed class PartitionKind : FaultKind<PartitionFault>, IUndoneFaultKind
{
    private static readonly TimeSpan Enforced = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public override string Kind => PartitionFault.Word;

    /// <inheritdoc/>
    public override string Summary => "has the service not be reached by another one for a while (a NetworkPolicy)";

    /// <inheritdoc/>
    public override FaultAim Aim => FaultAim.Service;

    /// <inheritdoc/>
    public override bool NeedsPodNetworks => true;

    /// <inheritdoc/>
    public override string Proof =>
        "a connection from a pod of the one to a pod of the other has no answer, while the pod itself still answers at that address";

    /// <inheritdoc/>
    public string Undoing =>
        "the policy is deleted; proven when the same connection is made again. Where nobody comes, the next command or "
        + "./build.sh Heal does it.";

    /// <inheritdoc/>
    public override string Needs =>
        "A network that enforces NetworkPolicies (Calico, Cilium and others do, flannel does not): where it does not, the proof finds that "
        + "out, and the row is unproven. Clients outside of the cluster that reach the target without a pod between may be cut off too.";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        NetworkKeys.From with { Required = true, Description = "role or name of the service that does not reach the target." },
        NetworkKeys.Port,
        CommonKeys.For,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<PartitionFault>(
        fault => $"{fault.From} -x-> {fault.Target}", fault => $"cuts {fault.From} off from", fault => $"{fault.From} -x-> {fault.Target}",
        "Another service did not reach");

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } =
    [
        .. Permission.ToExec,
        .. new[] { "create", "get", "delete" }.Select(verb =>
            new Permission(verb, ResourceType.NetworkPolicies.Group, ResourceType.NetworkPolicies.Plural)),
    ];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new PartitionFault
        {
            From = NetworkKeys.ReadFrom(item, required: true) ?? "", For = CommonKeys.ReadFor(item), Port = NetworkKeys.ReadPort(item),
        };
    }

    /// <inheritdoc/>
    public TimeSpan Lasts(Fault fault) => ((PartitionFault)fault).For;

    /// <inheritdoc/>
    public async Task<JsonObject> UndoAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var probe = ProbeOf(context, out _);
        var before = await probe.TryAsync(cancellation);
        return before.IsMade
            ? new JsonObject { ["name"] = Work.Token(context), ["probe"] = probe.Note(), ["before"] = before.Milliseconds }
            : throw new FaultMatrixException("FT0627", $"{probe} is {before} before anything is broken");
    }

    /// <inheritdoc/>
    public async Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(undo);
        await session.DeleteAsync(ResourceType.NetworkPolicies, undo["name"]!.GetValue<string>(), default, cancellation);
        var again = await ConnectionProbe.Of(session, undo)!.AgainAsync(undo["before"]!.GetValue<double>(), cancellation);
        return $"the policy is gone; {again}";
    }

    /// <inheritdoc/>
    protected override FaultPlan Plan(PartitionFault fault, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(graph);
        var (from, to) = (NetworkWay.From(graph, fault.From, fault.Target)!, graph.Service(fault.Target));
        return new FaultPlan($"cuts {from.Name} off from {to.Name}", Words.PlanShort(fault), to.Name);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<FaultTarget> Targets(FaultScene scene, PartitionFault fault)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(fault);
        var graph = scene.Watch.Graph;
        var to = graph.Service(fault.Target);
        var pods = scene.Watch.Pods.Count(pod => pod.Service == to && !pod.IsTerminating);
        BlastRadius.Check(fault, to.Name, pods, pods);
        return [new FaultTarget(to.Name, $"{NetworkWay.From(graph, fault.From, fault.Target)!.Name} -x-> {to.Name}")];
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(FaultContext context, PartitionFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        var probe = ProbeOf(context, out var to);
        var from = NetworkWay.From(context.Watch.Graph, fault.From, fault.Target)!;
        var policy = PartitionPolicy.Of(
            Work.Token(context), ServiceLabels.Of(from.Name, context.Watch.Pods), ServiceLabels.Of(to.Service.Name, context.Watch.Pods),
            context.Deadline);
        context.Say($"Partition: {context.Target.Name} for {fault.For.TotalSeconds:0.#} s");
        var issued = context.Write(new FaultIssued());
        await context.Session.CreateAsync(ResourceType.NetworkPolicies, policy, cancellation);
        var limit = Enforced < context.Options.ProofTimeout ? Enforced : context.Options.ProofTimeout;
        using var time = new CancellationTokenSource(limit, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        Reach cut;
        try
        {
            cut = await probe.UntilAsync(reach => !reach.IsMade, both.Token);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested
            && e is OperationCanceledException or ClusterException { Code: "FT0314" })
        {
            throw new FaultMatrixException(
                "FT0629",
                $"NetworkPolicies are not enforced here: {limit.TotalSeconds:0} s after the policy {probe} is still made",
                e);
        }

        var own = await NetworkWay.Probe(context.Session, to, to, fault.Port).TryAsync(cancellation);
        if (!own.IsMade)
        {
            throw new FaultMatrixException("FT0606", $"no proof of {Kind}: pod '{to.Name}' itself is {own} at its address");
        }

        var proof = $"{probe} is {cut}, while {to.Name} itself has {own}";
        var landed = context.Write(new FaultLanded { Proof = proof });
        return new FaultProof(issued, landed, proof);
    }

    private static ConnectionProbe ProbeOf(FaultContext context, out GraphPod to)
    {
        var fault = (PartitionFault)context.Fault;
        var (graph, pods) = (context.Watch.Graph, context.Watch.Pods);
        to = pods.FirstOrDefault(pod => pod.Service == graph.Service(fault.Target) && pod.IsReady) ?? throw new FaultMatrixException(
            "FT0611", $"service '{fault.Target}' of graph '{graph.Name}' has no ready pod that a connection could be tried to");
        return NetworkWay.Probe(context, to, NetworkWay.From(graph, fault.From, fault.Target), fault.Port);
    }
}

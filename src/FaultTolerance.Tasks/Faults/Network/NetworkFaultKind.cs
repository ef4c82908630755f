using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Graphs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Network;

/// <summary>A kind that breaks the connections to pods of a service for a while, those of one other service or everybody's.</summary>
/// <typeparam name="TFault">The record of its faults.</typeparam>
internal abstract class NetworkFaultKind<TFault> : PodFaultKind<TFault>, IUndoneFaultKind
    where TFault : Fault, INetworkFault
{
    private static readonly ImmutableArray<INetworkMeans> Means = [new ClusterNetwork(), new LentNetwork()];

    /// <inheritdoc/>
    public override bool NeedsPodNetworks => true;

    /// <inheritdoc/>
    public override string Needs =>
        "Ephemeral containers (Kubernetes 1.23 and newer) with NET_ADMIN, and an image with `tc`, `ip` and `nft` (`--network-image`). The "
        + "local cluster makes it itself, where pods have networks of their own.";

    /// <inheritdoc/>
    public string Undoing =>
        "what was put into the pod's network is taken out; proven when the same connection is made again. Where nobody comes, it ends by "
        + "itself 30 s after the fault's end.";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys => [.. OwnKeys, NetworkKeys.From, NetworkKeys.Port, CommonKeys.For];

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions => NetworkRights.ToBreak;

    /// <summary>The keys of this kind alone.</summary>
    protected virtual ImmutableArray<FaultKey> OwnKeys => [];

    /// <inheritdoc/>
    public TimeSpan Lasts(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return ((ILastingFault)fault).For;
    }

    /// <inheritdoc/>
    public override async Task<string?> RefusalAsync(ClusterSession session, FaultOptions options, CancellationToken cancellation) =>
        await (await MeansAsync(session, cancellation)).RefusalAsync(session, options, cancellation);

    /// <inheritdoc/>
    public async Task<JsonObject> UndoAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var means = await MeansAsync(context.Session, cancellation);
        if (await means.RefusalAsync(context.Session, context.Options, cancellation) is { } why)
        {
            throw new FaultMatrixException("FT0630", $"{Kind} cannot be made here: {why}");
        }

        var probe = Probe(context);
        var before = await probe.TryAsync(cancellation);
        if (!before.IsMade)
        {
            throw new FaultMatrixException("FT0627", $"{probe} is {before} before anything is broken");
        }

        var undo = LeftPod.Note((PodTarget)context.Target);
        undo["means"] = means.Word;
        undo["name"] = Work.Token(context);
        undo["probe"] = probe.Note();
        undo["before"] = before.Milliseconds;
        return undo;
    }

    /// <inheritdoc/>
    public async Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(undo);
        var ended = await MeansOf(undo).EndAsync(session, undo, cancellation);
        if (await LeftPod.Of(session, undo).RunsAsync(cancellation) != true)
        {
            return $"{ended}; pod '{undo["pod"]}' is gone or its container has ended";
        }

        return $"{ended}; {await ConnectionProbe.Of(session, undo)!.AgainAsync(undo["before"]!.GetValue<double>(), cancellation)}";
    }

    private static async Task<INetworkMeans> MeansAsync(ClusterSession session, CancellationToken cancellation) =>
        await ClusterNetwork.IsServedAsync(session, cancellation) ? Means[0] : Means[1];

    /// <summary>What is done, as a NetworkFault says it.</summary>
    protected abstract JsonObject Spec(TFault fault);

    /// <summary>What tc does with answers; null where packets are filtered instead.</summary>
    protected virtual string? Queue(TFault fault) => null;

    /// <summary>What nft does with what comes in; null where answers are queued instead.</summary>
    protected virtual string? Verdict(TFault fault) => null;

    /// <summary>The proof that a tried connection and what was counted are; null while they are none.</summary>
    protected abstract string? Proves(TFault fault, double beforeMilliseconds, Reach now, NetworkCounts counts);

    /// <inheritdoc/>
    protected override FaultPlan Plan(TFault fault, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var plan = base.Plan(fault, graph);
        return NetworkWay.From(graph, fault.From, fault.Target) is { } from ? plan with { Text = $"{plan.Text}, for {from.Name}" } : plan;
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, TFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(target);
        var (probe, name) = (Probe(context), Work.Token(context));
        var means = await ClusterNetwork.IsServedAsync(context.Session, cancellation) ? Means[0] : Means[1];
        var before = await probe.TryAsync(cancellation);
        context.Say($"{Words.PlanShort(fault)}: {probe} for {fault.For.TotalSeconds:0.#} s");
        var issued = context.Write(new FaultIssued());
        var from = NetworkWay.From(context.Watch.Graph, fault.From, fault.Target);
        await means.ApplyAsync(context, name, new NetworkEffect(from, Spec(fault), Queue(fault), Verdict(fault)), cancellation);
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        string? proof = null;
        var last = before;
        try
        {
            while (proof is null)
            {
                last = await probe.TryAsync(both.Token);
                proof = Proves(fault, before.Milliseconds, last, await means.CountsAsync(context, name, both.Token) ?? default);
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested
            && e is OperationCanceledException or ClusterException { Code: "FT0314" })
        {
            throw new FaultMatrixException(
                "FT0606",
                $"no proof of {Kind} within {context.Options.ProofTimeout.TotalSeconds:0.#} s: {probe} is {last}",
                e);
        }

        proof = $"{probe} is {proof} (before: {before.Milliseconds:0} ms)";
        var landed = context.Write(new FaultLanded { Proof = proof });
        return new FaultProof(issued, landed, proof);
    }

    /// <summary>What is tried to see whether it is broken.</summary>
    protected virtual ConnectionProbe Probe(FaultContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var fault = (TFault)context.Fault;
        var target = (PodTarget)context.Target;
        return NetworkWay.Probe(
            context, context.Watch.Find(target.Pod.Uid) ?? target.Pod,
            NetworkWay.From(context.Watch.Graph, fault.From, fault.Target), fault.Port);
    }

    private static INetworkMeans MeansOf(JsonObject undo) =>
        Means.First(means => means.Word == undo["means"]!.GetValue<string>());
}

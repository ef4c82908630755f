using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using k8s.Models;

namespace FaultTolerance.Faults.DeleteSelected;

/// <summary>
/// Deletes pods by a selector of the file's author: those of the control plane, which are no part of the graph. Nothing else in the tool
/// reaches beyond the graph.
/// </summary>
internal sealed class DeleteSelectedKind : FaultKind<DeleteSelectedFault>
{
    private const string SelectorKey = "selector";
    private const string NamespaceKey = "namespace";
    private static readonly WholeKey CountKey = new("count", "how many at most.", 1, 100) { Otherwise = 1 };
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public override string Kind => DeleteSelectedFault.Word;

    /// <inheritdoc/>
    public override string Summary => "deletes pods beside the graph by a selector, as those of etcd, NATS or the operator";

    /// <inheritdoc/>
    public override string Proof => "they are gone from the API, and as many others of the selector are ready";

    /// <inheritdoc/>
    public override string Needs => "Get, list and delete on pods of that namespace, where it is another one.";

    /// <inheritdoc/>
    public override FaultAim Aim => FaultAim.Other;

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        FaultKey.Text(SelectorKey, "label selector of the pods, `app.kubernetes.io/name=nats`.") with { Required = true },
        FaultKey.Text(NamespaceKey, "their namespace; the run's where it is left out."),
        CountKey,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<DeleteSelectedFault>(
        _ => "delete_pod", fault => $"deletes {fault.Count} of the pods", fault => $"delete {fault.Selector}",
            "Pods beside the graph were deleted:");

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = [new("delete", "", "pods")];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new DeleteSelectedFault
        {
            Selector = item.Text(SelectorKey, required: true) ?? "",
            Namespace = item.Text(NamespaceKey),
            Count = CountKey.Read(item),
        };
    }

    /// <inheritdoc/>
    protected override FaultPlan Plan(DeleteSelectedFault fault, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var where = fault.Namespace is { } other ? $" in namespace '{other}'" : "";
        return new FaultPlan($"{Words.Plan(fault)} {fault.Selector}{where}", Words.PlanShort(fault), "");
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> NamesAsync(PlanSight sight, Fault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sight);
        var selected = (DeleteSelectedFault)fault;
        if (sight.Session is not { } session)
        {
            return [$"{selected.Count} of the pods of '{selected.Selector}', which a plan without a cluster cannot name"];
        }

        session = selected.Namespace is { } other ? session.In(other) : session;
        var chosen = Chosen(session, selected, await ListAsync(session, selected, cancellation));
        return
        [
            .. chosen.Select(pod =>
                $"pod {pod.Metadata.Name} in namespace {session.Namespace}, beside the graph, as the file's selector says"),
        ];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<FaultTarget> Targets(FaultScene scene, DeleteSelectedFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return [new FaultTarget("", fault.Selector)];
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, DeleteSelectedFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        var session = fault.Namespace is { } other ? context.Session.In(other) : context.Session;
        var before = await ListAsync(session, fault, cancellation);
        var chosen = Chosen(session, fault, before);
        context.Say($"Deleting {string.Join(", ", chosen.Select(pod => pod.Metadata.Name))}");
        var issued = context.Write(new FaultIssued());
        await Task.WhenAll(chosen.Select(pod =>
            session.DeleteAsync(ResourceType.Pods, pod.Metadata.Name, new Deletion(0, pod.Metadata.Uid), cancellation)));
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var gone = await WhenAsync(session, fault, now => chosen.All(pod => now.All(left => left.Metadata.Uid != pod.Metadata.Uid)),
                both.Token);
            var landed = context.Timeline.Clock.Now;
            var back = await WhenAsync(session, fault, now => New(now, before).Count() >= chosen.Length, both.Token);
            var proof = $"{string.Join(", ", chosen.Select(pod => pod.Metadata.Name))} gone, {gone.Count} left; "
                + $"ready instead: {string.Join(", ", New(back, before).Select(pod => pod.Metadata.Name))}";
            context.Write(new FaultLanded { Proof = proof }, landed);
            return new FaultProof(issued, landed, proof);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0606",
                $"no proof within {context.Options.ProofTimeout.TotalSeconds:0.#} s: pods of '{fault.Selector}' are not gone, or no "
                    + "others are ready");
        }
    }

    private static V1Pod[] Chosen(ClusterSession session, DeleteSelectedFault fault, IReadOnlyList<V1Pod> pods)
    {
        V1Pod[] chosen =
        [
            .. pods.Where(pod => pod.Metadata.DeletionTimestamp is null).OrderBy(pod => pod.Metadata.CreationTimestamp)
                .ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal).Take(fault.Count),
        ];
        return chosen.Length > 0 ? chosen
            : throw new FaultMatrixException("FT0611", $"namespace '{session.Namespace}' has no pod of '{fault.Selector}' to break");
    }

    // A StatefulSet's new pod has the old one's name and another uid.
    private static IEnumerable<V1Pod> New(IReadOnlyList<V1Pod> now, IReadOnlyList<V1Pod> before) => now.Where(pod =>
        before.All(old => old.Metadata.Uid != pod.Metadata.Uid)
        && pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true);

    private static async Task<IReadOnlyList<V1Pod>> WhenAsync(
        ClusterSession session, DeleteSelectedFault fault, Func<IReadOnlyList<V1Pod>, bool> holds, CancellationToken cancellation)
    {
        while (true)
        {
            var now = await ListAsync(session, fault, cancellation);
            if (holds(now))
            {
                return now;
            }

            await Task.Delay(Look, session.Time, cancellation);
        }
    }

    private static Task<IReadOnlyList<V1Pod>> ListAsync(
        ClusterSession session, DeleteSelectedFault fault, CancellationToken cancellation) =>
        session.ListAsync<V1Pod>(ResourceType.Pods, new Selector(fault.Selector), cancellation);
}

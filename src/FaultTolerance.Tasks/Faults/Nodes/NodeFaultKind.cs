using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Graphs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Nodes;

/// <summary>A kind that closes the nodes on which pods of a service run for new pods, for a while.</summary>
/// <typeparam name="TFault">The record of its faults.</typeparam>
internal abstract class NodeFaultKind<TFault> : FaultKind<TFault>, IUndoneFaultKind
    where TFault : Fault, ILastingFault
{
    /// <inheritdoc/>
    public sealed override FaultAim Aim => FaultAim.Pods;

    /// <inheritdoc/>
    public string Undoing =>
        "the node is opened again, unless it was closed before; proven when it says so. Where nobody comes, the next command or "
        + "./build.sh Heal does it.";

    /// <inheritdoc/>
    public override string Needs => "Rights on nodes, which are everybody's (deploy/rbac-nodes.yaml), and better more than one node.";

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } =
        [new("get", "", "nodes") { IsOfCluster = true }, new("patch", "", "nodes") { IsOfCluster = true }];

    /// <inheritdoc/>
    public TimeSpan Lasts(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return ((ILastingFault)fault).For;
    }

    /// <inheritdoc/>
    public async Task<JsonObject> UndoAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var node = await context.Session.FindAsync<JsonObject>(ResourceType.Nodes, context.Target.Name, cancellation)
            ?? throw new FaultMatrixException("FT0611", $"node '{context.Target.Name}' is not there");
        return new JsonObject { ["node"] = context.Target.Name, ["closed"] = IsClosed(node) };
    }

    /// <inheritdoc/>
    public async Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(undo);
        var name = undo["node"]!.GetValue<string>();
        if (undo["closed"]!.GetValue<bool>())
        {
            return $"node {name} was closed before, and stays so";
        }

        if (await session.FindAsync<JsonObject>(ResourceType.Nodes, name, cancellation) is null)
        {
            return $"node {name} is gone";
        }

        return IsClosed(await CloseAsync(session, name, false, cancellation))
            ? throw new FaultMatrixException("FT0615", $"node '{name}' is still closed; kubectl uncordon {name} opens it")
            : $"node {name} takes pods again";
    }

    /// <inheritdoc/>
    protected override FaultPlan Plan(TFault fault, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(graph);
        var service = graph.Service(fault.Target);
        return new FaultPlan($"{Words.Plan(fault)} the node on which {service.Name} runs", Words.PlanShort(fault), service.Name);
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<string>> NamesAsync(PlanSight sight, Fault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(fault);
        var service = sight.Graph.Service(fault.Target);
        if (!sight.IsDeployed)
        {
            return Task.FromResult<IReadOnlyList<string>>([.. PlannedPods.Of(sight, fault, service).Select(pod => $"the node of {pod}")]);
        }

        var chosen = PlannedPods.Chosen(sight, fault, service);
        string[] nodes = [.. chosen.Select(pod => pod.Object.Spec.NodeName).OfType<string>().Distinct(StringComparer.Ordinal)];
        string On(string node) => string.Join(", ", sight.Pods.Where(pod => pod.Object.Spec.NodeName == node).Select(pod => pod.Name));
        string[] names = [.. nodes.Select(node => $"node {node}, with {On(node)} of the graph on it")];
        return names.Length > 0 ? Task.FromResult<IReadOnlyList<string>>(names)
            : throw new FaultMatrixException("FT0611", $"service '{service.Name}' of graph '{sight.Graph.Name}' has no pod on a node");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<FaultTarget> Targets(FaultScene scene, TFault fault)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(fault);
        var service = scene.Watch.Graph.Service(fault.Target);
        var pods = PodSelector.Choose(PodSelector.Of(scene.Watch.Pods, service, fault.Select), fault.Pods, scene.Options.Seed);
        BlastRadius.Check(fault, service.Name, pods.Count, scene.Watch.Pods.Count(pod => pod.Service == service && !pod.IsTerminating));
        string[] nodes = [.. pods.Select(pod => pod.Object.Spec.NodeName).OfType<string>().Distinct(StringComparer.Ordinal)];
        return nodes.Length > 0 ? [.. nodes.Select(node => new FaultTarget(service.Name, node))]
            : throw new FaultMatrixException("FT0611",
                $"service '{service.Name}' of graph '{scene.Watch.Graph.Name}' has no pod on a node");
    }

    /// <summary>Closes a node, and returns how it says that it stands.</summary>
    /// <exception cref="FaultMatrixException">FT0606: it does not say so.</exception>
    protected static async Task CloseAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!IsClosed(await CloseAsync(context.Session, context.Target.Name, true, cancellation)))
        {
            throw new FaultMatrixException("FT0606", $"node '{context.Target.Name}' does not say that it is closed");
        }
    }

    private static Task<JsonObject> CloseAsync(ClusterSession session, string node, bool closed, CancellationToken cancellation) =>
        session.PatchAsync(
            ResourceType.Nodes, node, new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = closed ? true : null } },
                cancellation);

    private static bool IsClosed(JsonObject node) =>
        node["spec"]?["unschedulable"] is JsonValue value && value.TryGetValue<bool>(out var closed) && closed;
}

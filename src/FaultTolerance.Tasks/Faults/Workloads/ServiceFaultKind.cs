using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Workloads;

/// <summary>A kind that changes what a service as a whole is made of.</summary>
/// <typeparam name="TFault">The record of its faults.</typeparam>
internal abstract class ServiceFaultKind<TFault> : FaultKind<TFault>
    where TFault : Fault
{
    /// <inheritdoc/>
    public sealed override FaultAim Aim => FaultAim.Service;

    /// <inheritdoc/>
    public override IEnumerable<Permission> RightsOn(IGraphKind graphs) => ServicePlaces.Rights(graphs);

    /// <inheritdoc/>
    protected override FaultPlan Plan(TFault fault, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(graph);
        var service = graph.Service(fault.Target);
        var places = ServicePlaces.Of(graph, service);
        return new FaultPlan(
            $"{Words.Plan(fault)} {service.Name} ({places.Object.Type.Kind} {places.Object.Name})", Words.PlanShort(fault), service.Name);
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<string>> NamesAsync(PlanSight sight, Fault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(fault);
        var service = sight.Graph.Service(fault.Target);
        var made = ServicePlaces.Of(sight.Graph, service).Object;
        string[] pods = [.. sight.Pods.Where(pod => pod.Service == service).Select(pod => pod.Name)];
        return Task.FromResult<IReadOnlyList<string>>(
        [
            $"{made.Type.Kind} {made.Name}, of which {(pods.Length > 0 ? $"{string.Join(", ", pods)} {(pods.Length == 1 ? "is" : "are")} now"
                : $"{service.PodCount} {(service.PodCount == 1 ? "pod is" : "pods are")} expected; {sight.Unnamed}")}",
        ]);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<FaultTarget> Targets(FaultScene scene, TFault fault)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(fault);
        var service = scene.Watch.Graph.Service(fault.Target);
        return [new FaultTarget(service.Name, ServicePlaces.Of(scene.Watch.Graph, service).Object.Name)];
    }

    /// <summary>The fault's service.</summary>
    protected static GraphService ServiceOf(FaultContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Watch.Graph.Service(context.Fault.Target);
    }

    /// <summary>Where it stands.</summary>
    protected static ServicePlaces PlacesOf(FaultContext context) => ServicePlaces.Of(context.Watch.Graph, ServiceOf(context));

    /// <summary>Its pods now.</summary>
    protected static IEnumerable<GraphPod> PodsOf(FaultContext context, IReadOnlyList<GraphPod> pods)
    {
        var service = ServiceOf(context);
        return pods.Where(pod => pod.Service == service);
    }

    /// <summary>Waits until the pods tell something, at most so long.</summary>
    /// <exception cref="FaultMatrixException">FT0606: they did not.</exception>
    protected static async Task<string> WhenAsync(
        FaultContext context, TimeSpan patience, Func<IReadOnlyList<GraphPod>, string?> told, string missing,
            CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var limit = new CancellationTokenSource(patience, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return await context.Watch.WhenAsync(told, both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException("FT0606", $"no proof within {patience.TotalSeconds:0.#} s: {missing}");
        }
    }
}

using System.Globalization;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults;

/// <summary>A kind that hits pods of a service, each by itself.</summary>
/// <typeparam name="TFault">The record of its faults.</typeparam>
internal abstract class PodFaultKind<TFault> : FaultKind<TFault>
    where TFault : Fault
{
    /// <inheritdoc/>
    public sealed override FaultAim Aim => FaultAim.Pods;

    /// <inheritdoc/>
    protected override FaultPlan Plan(TFault fault, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(graph);
        var service = graph.Service(fault.Target);
        PodSelector.Check(service, fault.Select);
        return new FaultPlan($"{Words.Plan(fault)} {Pods(fault, service)}", Words.PlanShort(fault), service.Name);
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<string>> NamesAsync(PlanSight sight, Fault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(fault);
        return Task.FromResult(PlannedPods.Of(sight, fault, sight.Graph.Service(fault.Target)));
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<FaultTarget> Targets(FaultScene scene, TFault fault)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(fault);
        var graph = scene.Watch.Graph;
        var service = graph.Service(fault.Target);
        var chosen = PodSelector.Choose(
            PodSelector.Of(scene.Watch.Pods, service, fault.Select),
            fault.Pods,
            scene.Options.Seed,
            fault.EvenDown ? null : scene.Runs
        );
        BlastRadius.Check(fault, service.Name, chosen.Count, scene.Watch.Pods.Count(p => p.Service == service && !p.IsTerminating));
        return chosen.Count > 0
            ? [.. chosen.Select(pod => new PodTarget(pod, Container(fault, pod)))]
            : throw new FaultMatrixException("FT0611", $"service '{service.Name}' of graph '{graph.Name}' has no pod to break");
    }

    /// <inheritdoc/>
    protected override Task<FaultProof> InjectAsync(FaultContext context, TFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        return InjectAsync(context, fault, (PodTarget)context.Target, cancellation);
    }

    /// <inheritdoc cref="IFaultKind.InjectAsync"/>
    protected abstract Task<FaultProof> InjectAsync(FaultContext context, TFault fault, PodTarget target, CancellationToken cancellation);

    /// <summary>The container that is meant: the one that the fault names, or the one that does the service's work.</summary>
    /// <exception cref="FaultMatrixException">FT0618: the pod has none of that name.</exception>
    protected virtual string Container(TFault fault, GraphPod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        if (fault is not IContainerFault { Container: { } own })
        {
            return pod.MainContainer.Name;
        }

        var names = pod.Object.Spec.Containers.Select(container => container.Name);
        return names.Contains(own, StringComparer.Ordinal) ? own
            : throw new FaultMatrixException("FT0618", $"pod '{pod.Name}' has no container '{own}'; it has {string.Join(", ", names)}");
    }

    private static string Pods(Fault fault, GraphService service)
    {
        var selection = fault.Pods;
        var (all, what) = fault.Select switch
        {
            PodRole.Leader => (service.Replicas, "leaders"),
            PodRole.Worker => (service.PodCount - service.Replicas, "workers"),
            _ => (service.PodCount, "pods"),
        };
        if (all == 1)
        {
            return $"the {what[..^1]} of {service.Name}";
        }

        var which = selection.Mode switch
        {
            SelectionMode.First => "the first",
            SelectionMode.Random => string.Create(CultureInfo.InvariantCulture, $"{selection.Of(all)} at random"),
            SelectionMode.All => "all",
            _ => string.Create(CultureInfo.InvariantCulture, $"the first {selection.Of(all)}"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{which} of {all} {what} of {service.Name}");
    }
}

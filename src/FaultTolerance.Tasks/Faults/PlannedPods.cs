using System.Globalization;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>Names the pods of a service that a fault would hit, as the graph stands now, or as it would be.</summary>
internal static class PlannedPods
{
    /// <summary>The names, one text each.</summary>
    /// <exception cref="FaultMatrixException">FT0611: the service has none; FT0620: more than the fault may hit.</exception>
    public static IReadOnlyList<string> Of(PlanSight sight, Fault fault, GraphService service)
    {
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(service);
        return sight.IsDeployed ? Deployed(sight, fault, service) : Expected(sight, fault, service);
    }

    /// <summary>The pods that a fault chooses of those that are there; at random, all from which it chooses.</summary>
    /// <exception cref="FaultMatrixException">FT0611, FT0620.</exception>
    public static IReadOnlyList<GraphPod> Chosen(PlanSight sight, Fault fault, GraphService service)
    {
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(service);
        var alive = sight.Pods.Where(pod => pod.Service == service && !pod.IsTerminating).OrderBy(pod => pod.IsHeadless).ToList();
        var chosen = PodSelector.Choose(alive, fault.Pods, seed: 0);
        Check(sight, fault, service, chosen.Count, alive.Count);
        return fault.Pods.Mode == SelectionMode.Random ? alive : chosen;
    }

    private static IReadOnlyList<string> Deployed(PlanSight sight, Fault fault, GraphService service)
    {
        var pods = Chosen(sight, fault, service);
        var some = fault.Pods.Mode == SelectionMode.Random && fault.Pods.Of(pods.Count) is var count && count < pods.Count
            ? string.Create(CultureInfo.InvariantCulture, $"{count} at random of these: ") : "";
        return [.. pods.Select(pod => $"{some}pod {pod.Name}{(pod.Object.Spec.NodeName is { } node ? $" on node {node}" : "")}")];
    }

    // Names come with the pods: until then a replica's place among them is all that is known.
    private static IReadOnlyList<string> Expected(PlanSight sight, Fault fault, GraphService service)
    {
        var all = service.PodCount;
        var count = fault.Pods.Of(all);
        Check(sight, fault, service, count, all);
        return fault.Pods.Mode == SelectionMode.Random
            ? [string.Create(
                CultureInfo.InvariantCulture, $"{count} at random of the {all} pods expected of {service.Name}; {sight.Unnamed}")]
            : [.. Enumerable.Range(1, count).Select(i => string.Create(
                CultureInfo.InvariantCulture, $"pod {i} of {all} expected of {service.Name}; {sight.Unnamed}"))];
    }

    private static void Check(PlanSight sight, Fault fault, GraphService service, int chosen, int all)
    {
        BlastRadius.Check(fault, service.Name, chosen, all);
        if (chosen == 0)
        {
            throw new FaultMatrixException("FT0611", $"service '{service.Name}' of graph '{sight.Graph.Name}' has no pod to break");
        }
    }
}

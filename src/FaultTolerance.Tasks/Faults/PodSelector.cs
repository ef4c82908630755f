using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>Chooses the pods that a fault hits.</summary>
internal static class PodSelector
{
    /// <summary>
    /// Chooses from pods that are in the order of creation, then name; those being deleted are passed over. More than there are means all.
    /// Those that do not run, since an earlier fault hit them, are taken only where there are too few others.
    /// </summary>
    /// <param name="pods">The service's pods, ordered.</param>
    /// <param name="selection">Which.</param>
    /// <param name="seed">For <see cref="SelectionMode.Random"/>: the same seed chooses the same of the same pods.</param>
    /// <param name="runs">Whether a pod runs; null where all do.</param>
    public static IReadOnlyList<GraphPod> Choose(
        IReadOnlyList<GraphPod> pods, PodSelection selection, int seed, Func<GraphPod, bool>? runs = null)
    {
        ArgumentNullException.ThrowIfNull(pods);
        var alive = pods.Where(p => !p.IsTerminating).ToArray();
        var count = selection.Of(alive.Length);
        var running = runs is null ? alive : [.. alive.Where(runs)];
        var pool = running.Length >= count ? running : alive;
        return selection.Mode == SelectionMode.Random ? Random(pool, count, seed) : [.. pool.Take(count)];
    }

    /// <summary>The pods of a service from which a fault chooses, those that serve first.</summary>
    /// <exception cref="FaultMatrixException">FT0232: the service's replicas are of one pod, and lead or follow nobody.</exception>
    public static IReadOnlyList<GraphPod> Of(IEnumerable<GraphPod> pods, GraphService service, PodRole role)
    {
        ArgumentNullException.ThrowIfNull(pods);
        Check(service, role);
        bool Plays(GraphPod pod) => role switch { PodRole.Leader => !pod.IsHeadless, PodRole.Worker => pod.IsHeadless, _ => true };
        return [.. pods.Where(pod => pod.Service == service && Plays(pod)).OrderBy(pod => pod.IsHeadless)];
    }

    /// <summary>Refuses a role for a service that has none.</summary>
    /// <exception cref="FaultMatrixException">FT0232: the service's replicas are of one pod.</exception>
    public static void Check(GraphService service, PodRole role)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (role != PodRole.Any && service.Nodes == 1)
        {
            throw new FaultMatrixException(
                "FT0232", $"a replica of service '{service.Name}' is one pod, which neither leads nor follows; leave 'select' out");
        }
    }

    private static IReadOnlyList<GraphPod> Random(GraphPod[] pods, int count, int seed)
    {
        var order = Enumerable.Range(0, pods.Length).ToArray();
        new Random(seed).Shuffle(order);
        return [.. order.Take(count).Order().Select(i => pods[i])];
    }
}

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

    private static IReadOnlyList<GraphPod> Random(GraphPod[] pods, int count, int seed)
    {
        var order = Enumerable.Range(0, pods.Length).ToArray();
        new Random(seed).Shuffle(order);
        return [.. order.Take(count).Order().Select(i => pods[i])];
    }
}

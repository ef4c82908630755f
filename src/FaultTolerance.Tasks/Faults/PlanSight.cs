using System.Collections.Immutable;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using k8s.Models;

namespace FaultTolerance.Faults;

/// <summary>What a plan sees of a graph: its pods where it is deployed already, else only what its manifest asks for.</summary>
/// <param name="Graph">The graph as it would be deployed.</param>
/// <param name="Session">The cluster, for reading; null where none is read.</param>
/// <param name="Pods">Its pods, in the order of creation, then name; empty where it is not deployed, or not looked for.</param>
internal sealed record PlanSight(Graph Graph, ClusterSession? Session, ImmutableArray<GraphPod> Pods)
{
    /// <summary>Why no pod is named, where none is.</summary>
    public string Unnamed { get; init; } = "none is there to name yet";

    /// <summary>Whether its pods are there.</summary>
    public bool IsDeployed => !Pods.IsEmpty;

    /// <summary>Reads which pods a graph has, with GETs only.</summary>
    /// <param name="session">The cluster.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="all">The pods of the namespace.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task<PlanSight> OfAsync(
        ClusterSession session, Graph graph, IEnumerable<V1Pod> all, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(all);
        var resolver = new GraphPods(session, graph);
        var own = ImmutableArray.CreateBuilder<GraphPod>();
        foreach (var pod in all)
        {
            if (await resolver.ResolveAsync(pod, cancellation) is { } found)
            {
                own.Add(found);
            }
        }

        return new PlanSight(graph, session, [.. own.OrderBy(pod => pod.Created).ThenBy(pod => pod.Name, StringComparer.Ordinal)]);
    }
}

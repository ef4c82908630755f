using System.Collections.Immutable;
using FaultTolerance.Cluster;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>Whether a cluster can make what a graph needs: asked before anything is made.</summary>
internal static class ServedObjects
{
    private const string GroveSwitch = "nvidia.com/enable-grove";

    /// <summary>The graph, with the types as the cluster names them.</summary>
    /// <exception cref="FaultMatrixException">FT0323: a kind is not served. FT0230: one is cluster-wide. FT0324: a graph of several nodes
    /// finds nobody who makes its pods.</exception>
    public static async Task<Graph> CheckAsync(ClusterSession session, Graph graph, string file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(graph);
        var objects = ImmutableArray.CreateBuilder<GraphObject>();
        foreach (var made in graph.Objects)
        {
            objects.Add(made.IsCompanion ? await NamedAsync(session, made, cancellation) : made);
        }

        if (graph.Kind is DynamoGraphKind && graph.Services.FirstOrDefault(s => s.Nodes > 1) is { } several)
        {
            await RequireOrchestratorAsync(session, graph, several, file, cancellation);
        }

        return graph with { Objects = objects.ToImmutable() };
    }

    private static async Task<GraphObject> NamedAsync(ClusterSession session, GraphObject made, CancellationToken cancellation)
    {
        var (plural, namespaced) = await session.ServedTypeAsync(made.Type, cancellation) ?? throw new FaultMatrixException(
            "FT0323",
                $"{made.Place}: the cluster does not serve {made.Type.Kind} ({made.Type.ApiVersion}), which the graph's manifest needs");
        return namespaced
            ? made with { Type = made.Type with { Plural = plural } }
            : throw new FaultMatrixException("FT0230", $"{made.Place}: {DynamoCompanions.IsClusterWide(made.Type.Kind)}");
    }

    private static async Task RequireOrchestratorAsync(
        ClusterSession session, Graph graph, GraphService several, string file, CancellationToken cancellation)
    {
        var off = graph.Objects.Select(o => o.Body["metadata"]?["annotations"]?[GroveSwitch]?.ToString())
            .Contains("false", StringComparer.OrdinalIgnoreCase);
        var grove = (await session.ServedVersionsAsync("grove.io", cancellation)).Count > 0;
        if ((off || !grove) && (await session.ServedVersionsAsync("leaderworkerset.x-k8s.io", cancellation)).Count == 0)
        {
            throw new FaultMatrixException(
                "FT0324",
                $"{file}: {several.Name} has {several.Nodes} nodes a replica, which needs Grove "
                    + $"({(grove ? $"served, and switched off by the manifest's {GroveSwitch}" : "not served by the cluster")}) "
                + "or LeaderWorkerSet (not served); install one of them");
        }
    }
}

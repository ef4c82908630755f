using FaultTolerance.Artefacts.Events;
using FaultTolerance.Graphs.Kinds;
using k8s.Models;

namespace FaultTolerance.Graphs.Pods;

/// <summary>
/// Pods of other graphs that are in the Dynamo namespace of the watched graph: their workers may answer its requests, and theirs may be
/// answered by its workers. Not for several threads at once.
/// </summary>
internal sealed class Neighbourhood
{
    private const string GraphLabel = "nvidia.com/dynamo-graph-deployment-name";
    private readonly HashSet<string> _ours = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NeighbourChanged> _others = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>A pod of the graph was seen.</summary>
    /// <returns>Who is found to be a neighbour by that.</returns>
    public IEnumerable<NeighbourChanged> Ours(V1Pod pod) =>
        DynamoNamespaces.Of(pod) is { } space && _ours.Add(space)
            ? [.. _others.Values.Where(other => other.Space == space && _told.Add(other.Uid!))]
            : [];

    /// <summary>Another pod was seen, or is gone.</summary>
    /// <returns>What there is to tell of it.</returns>
    public NeighbourChanged? Other(V1Pod pod, bool gone)
    {
        if (pod.Metadata?.Uid is not { } uid || DynamoNamespaces.Of(pod) is not { } space)
        {
            return null;
        }

        string? graph = null;
        pod.Metadata.Labels?.TryGetValue(GraphLabel, out graph);
        var item = new NeighbourChanged(pod.Metadata.Name, uid, graph, space, null);
        if (gone)
        {
            _others.Remove(uid);
            return _told.Remove(uid) ? item with { Gone = true } : null;
        }

        _others[uid] = item;
        return _ours.Contains(space) && _told.Add(uid) ? item : null;
    }
}

using System.Net;
using FaultTolerance.Cluster;
using k8s.Models;

namespace FaultTolerance.Graphs.Pods;

/// <summary>
/// Decides whether a pod belongs to the graph, and to which service: by the graph kind's labels, newer before older, and where it has
/// none of them, by its owners. What cannot be shown to belong does not, and is never touched.
/// </summary>
/// <param name="session">For looking up owners.</param>
/// <param name="graph">The graph.</param>
internal sealed class GraphPods(ClusterSession session, Graph graph)
{
    private const int LongestChain = 4;
    private readonly Dictionary<string, GraphService?> _byOwner = new(StringComparer.Ordinal);

    /// <summary>The pod as one of the graph; null when it is none.</summary>
    public async Task<GraphPod?> ResolveAsync(V1Pod pod, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pod);
        if (pod.Spec?.Containers is not { Count: > 0 })
        {
            // No cluster stores such a pod; an answer that shows one is no answer about pods.
            return null;
        }

        var service = graph.Kind.ServiceOf(pod, graph.Name, graph.Services) ?? await ByOwnersAsync(pod, cancellation);
        return service is null ? null : new GraphPod(service, pod);
    }

    // Every operator puts the graph's name in front of what it makes; others' pods cost no lookup.
    private async Task<GraphService?> ByOwnersAsync(V1Pod pod, CancellationToken cancellation)
    {
        var owner = Controller(pod.Metadata?.OwnerReferences);
        if (owner is null || pod.Metadata?.Name?.StartsWith($"{graph.Name}-", StringComparison.Ordinal) != true)
        {
            return null;
        }

        if (!_byOwner.TryGetValue(owner.Uid, out var service))
        {
            _byOwner[owner.Uid] = service = await FollowAsync(owner, cancellation);
        }

        return service;
    }

    private async Task<GraphService?> FollowAsync(V1OwnerReference owner, CancellationToken cancellation)
    {
        GraphService? service = null;
        for (var depth = 0; depth < LongestChain; depth++)
        {
            service = graph.Services.FirstOrDefault(s =>
                string.Equals(owner.Name, $"{graph.Name}-{s.Name}", StringComparison.OrdinalIgnoreCase)
            ) ?? service;
            if (graph.Objects.Any(o => o.Type.Kind == owner.Kind && o.Name == owner.Name))
            {
                return service;
            }

            var next = Controller(await OwnersOfAsync(owner, cancellation));
            if (next is null)
            {
                return null;
            }

            owner = next;
        }

        return null;
    }

    private async Task<IList<V1OwnerReference>?> OwnersOfAsync(V1OwnerReference owner, CancellationToken cancellation)
    {
        var slash = owner.ApiVersion.IndexOf('/', StringComparison.Ordinal);
        var (group, version) = slash < 0 ? ("", owner.ApiVersion) : (owner.ApiVersion[..slash], owner.ApiVersion[(slash + 1)..]);
        var type = new ResourceType(group, version, $"{owner.Kind.ToLowerInvariant()}s", owner.Kind);
        try
        {
            return (await session.FindAsync<OwnedObject>(type, owner.Name, cancellation))?.Metadata?.OwnerReferences;
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            // An owner that may not be read proves nothing: the pod stays a stranger.
            return null;
        }
    }

    private static V1OwnerReference? Controller(IList<V1OwnerReference>? owners) =>
        owners?.FirstOrDefault(o => o.Controller == true) ?? owners?.FirstOrDefault();
}

/// <summary>The part of any object that names its owners.</summary>
internal sealed record OwnedObject
{
    /// <summary>Its metadata.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("metadata")]
    public V1ObjectMeta? Metadata { get; init; }
}

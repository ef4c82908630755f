using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;

namespace FaultTolerance.Graphs.Pods;

/// <summary>
/// Records when somebody else deletes a graph in the middle of its run, or changes how many replicas a service of it is to have: of the
/// objects that it is made of, those that own the others.
/// </summary>
/// <param name="session">Where.</param>
/// <param name="graph">The graph.</param>
/// <param name="removed">Whether its end is our own doing.</param>
internal sealed class OwnerObserver(ClusterSession session, Graph graph, Func<bool> removed)
{
    /// <summary>The code of the record.</summary>
    public const string Code = "FT0412";

    private readonly ConcurrentDictionary<string, long> _wanted = new(
        graph.Services.Select(s => KeyValuePair.Create(s.Name, (long)s.Replicas)), StringComparer.OrdinalIgnoreCase);

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(WatchRecord record, CancellationToken cancellation)
    {
        var owners = graph.Objects.Where(o => graph.Kind.Owned[0].Is(o.Type)).ToLookup(o => o.Type);
        return Task.WhenAll(owners.Select(ofType => FollowAsync(ofType.Key, [.. ofType.Select(o => o.Name)], record, cancellation)));
    }

    private async Task FollowAsync(ResourceType type, HashSet<string> names, WatchRecord record, CancellationToken cancellation)
    {
        await foreach (
            var change in session.WatchAsync<JsonObject>(type, new Selector(Label: GraphLabels.SelectorOf(graph.RunId)), cancellation)
        )
        {
            if (change is { Kind: not ChangeKind.Deleted, Object: { } current } && !removed()
                && names.Contains(current["metadata"]?["name"]?.ToString() ?? ""))
            {
                Note(current, record);
            }

            if (
                change.Kind == ChangeKind.Deleted
                && !removed()
                && change.Object!["metadata"]!["name"]!.GetValue<string>() is var name
                && names.Contains(name)
            )
            {
                var space = await session.NamespaceEndAsync(cancellation) is { } end ? $": namespace '{session.Namespace}' {end}" : "";
                record.Error(Code, $"{type.Kind} '{name}' was deleted by somebody else while the run went on{space}");
            }
        }
    }

    private void Note(JsonObject current, WatchRecord record)
    {
        foreach (var (service, replicas) in graph.Kind.ReplicasIn(current))
        {
            if (_wanted.TryGetValue(service, out var before) && before != replicas)
            {
                _wanted[service] = replicas;
                record.Replicas(service, before, replicas);
            }
        }
    }
}

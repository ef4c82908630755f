using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using k8s.Models;

namespace FaultTolerance.Graphs.Pods;

/// <summary>Records when a graph's pods become ready behind its Services, and when they cease to be.</summary>
/// <param name="session">Where.</param>
/// <param name="graph">The graph.</param>
internal sealed class EndpointObserver(ClusterSession session, Graph graph)
{
    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(WatchRecord record, CancellationToken cancellation)
    {
        var known = new Dictionary<string, IReadOnlyDictionary<string, bool>>(StringComparer.Ordinal);
        await foreach (var change in session.WatchAsync<V1Endpoints>(ResourceType.Endpoints, default, cancellation))
        {
            if (change.Object is null)
            {
                continue;
            }

            var now = change.Kind == ChangeKind.Deleted ? EndpointReadiness.None : EndpointReadiness.Read(change.Object);
            foreach (var (name, ready) in EndpointReadiness.Between(known.GetValueOrDefault(change.Key, EndpointReadiness.None), now))
            {
                if (
                    name.StartsWith($"{graph.Name}-", StringComparison.Ordinal)
                    && change.Object.Metadata.Name.StartsWith(graph.Name, StringComparison.Ordinal)
                )
                {
                    record.Endpoint(change.Object.Metadata.Name, name, ready);
                }
            }

            known[change.Key] = now;
        }
    }
}

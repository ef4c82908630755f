using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Graphs;

namespace FaultTolerance.Deployments;

/// <summary>Removes by label what runs have made, and waits until it is gone.</summary>
/// <param name="session">Where.</param>
public sealed class LeftoverSweep(ClusterSession session)
{
    /// <summary>Deletes first and waits second, until no object with our label is left.</summary>
    /// <param name="runId">The run; null for all.</param>
    /// <param name="patience">How long objects may take to go.</param>
    /// <param name="cancellation">Ends the waiting; what was asked to be deleted goes on being deleted.</param>
    /// <returns>What was asked to be deleted, <c>Kind/name</c>.</returns>
    /// <exception cref="FaultMatrixException">FT0405: something stays even so.</exception>
    public async Task<IReadOnlyList<string>> RemoveAsync(string? runId, TimeSpan patience, CancellationToken cancellation)
    {
        var removed = await new GraphRemover(session).DeleteLeftoversAsync(runId, cancellation);
        if (removed.Count == 0)
        {
            return removed;
        }

        using var limit = new CancellationTokenSource(patience, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var types = await TypesAsync(cancellation);
        var selector = new Selector(Label: Label(runId));
        try
        {
            // Pods in any case: an owner that is gone may still have some. Of the rest only what was there, as more may not be allowed.
            await Task.WhenAll(types.Where(type => type == ResourceType.Pods || removed.Any(name => name.StartsWith($"{type.Kind}/", StringComparison.Ordinal)))
                .Select(type => WhenNoneAsync(type, selector, both.Token)));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0405", $"{string.Join(", ", removed)} in namespace '{session.Namespace}' did not go within {patience.TotalSeconds:0} s; look at their finalizers, then run ./build.sh Teardown again");
        }

        return removed;
    }

    private static string Label(string? runId) => runId is null
        ? $"{GraphLabels.ManagedBy}={GraphLabels.ManagedByValue}"
        : $"{GraphLabels.ManagedBy}={GraphLabels.ManagedByValue},{GraphLabels.Run}={GraphLabels.Value(runId)}";

    private async Task<IReadOnlyList<ResourceType>> TypesAsync(CancellationToken cancellation) =>
        [.. (await session.ServedVersionsAsync("nvidia.com", cancellation)).Take(1).Select(ResourceType.DynamoGraphDeployments), ResourceType.Deployments, ResourceType.Pods];

    private async Task WhenNoneAsync(ResourceType type, Selector selector, CancellationToken cancellation)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var change in session.WatchAsync<JsonObject>(type, selector, cancellation))
        {
            var name = change.Object?["metadata"]?["name"]?.GetValue<string>() ?? "";
            switch (change.Kind)
            {
                case ChangeKind.Synced:
                    break;
                case ChangeKind.Deleted:
                    there.Remove(name);
                    break;
                default:
                    there.Add(name);
                    continue;
            }

            if (there.Count == 0)
            {
                return;
            }
        }
    }
}

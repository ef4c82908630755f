using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using k8s.Models;

namespace FaultTolerance.Deployments;

/// <summary>Removes graphs: first all deletes, then the waiting. Can be called again at any time.</summary>
/// <param name="session">Where.</param>
/// <param name="log">The runner's log, or null.</param>
public sealed class GraphRemover(ClusterSession session, TestLog? log = null)
{
    /// <summary>Deletes the graph's objects and waits until they and its pods are gone. Pods that stay past the limit are deleted by force.</summary>
    /// <param name="watch">The graph's watch.</param>
    /// <param name="patience">How long pods may take to end by themselves.</param>
    /// <param name="cancellation">Ends the waiting; what was asked to be deleted goes on being deleted.</param>
    /// <exception cref="FaultMatrixException">FT0405: something stays even so.</exception>
    public async Task RemoveAsync(GraphWatch watch, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(watch);
        var there = await Task.WhenAll(watch.Graph.Objects.Select(o => session.DeleteAsync(o.Type, o.Name, new Deletion(Foreground: true), cancellation)));
        if (!there.Contains(true) && watch.Pods.Count == 0)
        {
            return;
        }

        log?.Info("ManagedDeployment", $"Deleting {watch.Graph.Name}");
        using (var limit = new CancellationTokenSource(patience, session.Time))
        using (var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token))
        {
            try
            {
                await WhenGoneAsync(watch, both.Token);
                return;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Patience is over: by force, below.
            }
        }

        var stuck = watch.Pods;
        await Task.WhenAll(stuck.Select(p => session.DeleteAsync(ResourceType.Pods, p.Name, new Deletion(0, p.Uid), cancellation)));
        using var last = new CancellationTokenSource(TimeSpan.FromSeconds(30), session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, last.Token);
        try
        {
            await WhenGoneAsync(watch, ends.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var left = await LeftAsync(watch, cancellation);
            throw new FaultMatrixException("FT0405", $"graph '{watch.Graph.Name}' cannot be removed: {left}; look at their finalizers");
        }
    }

    /// <summary>
    /// Deletes everything that carries this tool's label in the namespace, of one run or of all, without waiting for it; returns what it
    /// asked to be deleted.
    /// </summary>
    /// <param name="runId">The run; null for all.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<string>> DeleteLeftoversAsync(string? runId, CancellationToken cancellation)
    {
        var selector = new Selector(Label: runId is null
            ? $"{GraphLabels.ManagedBy}={GraphLabels.ManagedByValue}"
            : $"{GraphLabels.ManagedBy}={GraphLabels.ManagedByValue},{GraphLabels.Run}={GraphLabels.Value(runId)}");
        var dynamo = (await session.ServedVersionsAsync("nvidia.com", cancellation)).Take(1).Select(ResourceType.DynamoGraphDeployments);
        var deleted = new List<string>();

        // Owners before what they own, or they would make it anew.
        foreach (var type in dynamo.Concat([ResourceType.Deployments, ResourceType.ReplicaSets, ResourceType.Services, ResourceType.ConfigMaps, ResourceType.RoleBindings, ResourceType.Roles, ResourceType.ServiceAccounts, ResourceType.Pods]))
        {
            foreach (var item in await FindAsync(type, selector, cancellation))
            {
                var name = item["metadata"]!["name"]!.GetValue<string>();
                var force = type == ResourceType.Pods && item["metadata"]!["deletionTimestamp"] is not null;
                if (await session.DeleteAsync(type, name, new Deletion(force ? 0 : null), cancellation))
                {
                    deleted.Add($"{type.Kind}/{name}");
                }
            }
        }

        return deleted;
    }

    private async Task<IReadOnlyList<JsonObject>> FindAsync(ResourceType type, Selector selector, CancellationToken cancellation)
    {
        try
        {
            return await session.ListAsync<JsonObject>(type, selector, cancellation);
        }
        catch (ClusterException e) when (e.Status is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Forbidden)
        {
            // A group that is served without the resource, or one that this Role never needed: nothing of ours is in it.
            return [];
        }
    }

    private async Task WhenGoneAsync(GraphWatch watch, CancellationToken cancellation)
    {
        await Task.WhenAll(watch.Graph.Objects.Select(o => WhenGoneAsync(o, cancellation)));
        await watch.WhenAsync(pods => pods.Count == 0 ? pods : null, cancellation);
    }

    private async Task WhenGoneAsync(GraphObject made, CancellationToken cancellation)
    {
        var there = false;
        await foreach (var change in session.WatchAsync<JsonObject>(made.Type, Selector.Named(made.Name), cancellation))
        {
            there = change.Kind switch { ChangeKind.Synced => there, ChangeKind.Deleted => false, _ => true };
            if (!there)
            {
                return;
            }
        }
    }

    private async Task<string> LeftAsync(GraphWatch watch, CancellationToken cancellation)
    {
        var left = watch.Pods.Select(p => $"Pod '{p.Name}'").ToList();
        foreach (var made in watch.Graph.Objects)
        {
            if (await session.FindAsync<OwnedObject>(made.Type, made.Name, cancellation) is { Metadata: V1ObjectMeta meta })
            {
                left.Add($"{made.Type.Kind} '{made.Name}'{(meta.Finalizers is { Count: > 0 } f ? $" (finalizers {string.Join(", ", f)})" : "")}");
            }
        }

        return left.Count == 0 ? "it went only just now" : $"{string.Join(", ", left)} still there";
    }
}

using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using k8s.Models;

namespace FaultTolerance.Deployments;

/// <summary>
/// Somebody else's objects in a graph's way: under its names, with its label, or where its operator will make a Service. They are told
/// before anything is made, and stay as they are.
/// </summary>
/// <param name="session">Where.</param>
internal sealed class Strangers(ClusterSession session)
{
    private static readonly TimeSpan Clearing = TimeSpan.FromSeconds(15);

    /// <summary>Objects under the graph's names that do not carry both of our labels.</summary>
    /// <exception cref="FaultMatrixException">FT0410: there are some.</exception>
    public async Task RefuseObjectsAsync(Graph graph, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var found = new List<string>();
        foreach (var made in graph.Objects.Where(o => !o.IsShared))
        {
            if (await session.FindAsync<JsonObject>(made.Type, made.Name, cancellation) is { } item && !OwnObjects.IsOurs(item))
            {
                found.Add($"{made.Type.Kind} '{made.Name}'");
            }
        }

        Refuse(graph, found, "under a name that the graph needs");
    }

    /// <summary>
    /// What is in the way once the graph's own objects are gone: pods with its label, and Services under names of its form.
    /// </summary>
    /// <exception cref="FaultMatrixException">FT0410: there are some.</exception>
    public async Task RefuseRestAsync(GraphWatch watch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(watch);
        Refuse(
            watch.Graph,
            [.. watch.Pods.Where(p => !GraphLabels.AreOfOurPod(p.Object.Metadata.Labels)).Select(p => $"Pod '{p.Name}'")],
            "with the graph's label"
        );

        // Who may see endpoints sees Services: each has endpoints of its name.
        IReadOnlyList<V1Endpoints> endpoints;
        try
        {
            endpoints = await session.ListAsync<V1Endpoints>(ResourceType.Endpoints, default, cancellation);
        }
        catch (ClusterException e) when (e.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return;
        }

        var prefix = $"{watch.Graph.Name}-";
        var services = new List<string>();
        foreach (
            var name in endpoints
                .Select(e => e.Metadata.Name)
                .Where(n => n == watch.Graph.Name || n.StartsWith(prefix, StringComparison.Ordinal))
        )
        {
            if (await IsForeignServiceAsync(name, cancellation))
            {
                services.Add($"Service '{name}'");
            }
        }

        Refuse(watch.Graph, services, "under a name that the graph's operator needs");
    }

    // Endpoints outlive their Service for a moment. Where Services may not be read, those of a label of ours are let pass.
    private async Task<bool> IsForeignServiceAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await session.FindAsync<V1Service>(ResourceType.Services, name, cancellation) is { } service
                && service.Metadata.DeletionTimestamp is null
                && (service.Metadata.OwnerReferences ?? []).Count == 0
                && !GraphLabels.AreOurs(service.Metadata.Labels);
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return await StaysAsync(name, cancellation);
        }
    }

    private async Task<bool> StaysAsync(string name, CancellationToken cancellation)
    {
        var from = session.Time.GetTimestamp();
        while (
            (await session.ListAsync<V1Endpoints>(ResourceType.Endpoints, Selector.Named(name), cancellation)).Any(e =>
                !GraphLabels.AreOurs(e.Metadata.Labels)
            )
        )
        {
            if (session.Time.GetElapsedTime(from) > Clearing)
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), session.Time, cancellation);
        }

        return false;
    }

    private void Refuse(Graph graph, List<string> found, string how)
    {
        if (found.Count > 0)
        {
            throw new FaultMatrixException(
                "FT0410",
                $"graph '{graph.Name}': {string.Join(", ", found)} in namespace '{session.Namespace}' {(found.Count == 1 ? "is" : "are")} there {how} and not this tool's; nothing was made. Remove or rename what is in the way, or choose another --namespace"
            );
        }
    }
}

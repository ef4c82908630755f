using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Graphs;

namespace FaultTolerance.Deployments;

/// <summary>Finds and deletes what is this tool's: by both of its labels and by uid, never by name.</summary>
/// <param name="session">Where.</param>
internal sealed class OwnObjects(ClusterSession session)
{
    /// <summary>
    /// What carries both labels, in the order of the types. A type that is not served, or not allowed to us, holds nothing of ours.
    /// </summary>
    /// <param name="types">Types to look at.</param>
    /// <param name="runId">The run; null for all.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<OwnObject>> FindAsync(IEnumerable<ResourceType> types, string? runId, CancellationToken cancellation)
    {
        var found = new List<OwnObject>();
        foreach (var type in types)
        {
            try
            {
                var items = await session.ListAsync<JsonObject>(type, new Selector(GraphLabels.SelectorOf(runId)), cancellation);
                found.AddRange(items.Where(IsOurs).Select(item => OwnObject.Of(type, item)));
            }
            catch (ClusterException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
            {
                // A group that is served without the resource, or one that this Role never needed.
            }
        }

        return found;
    }

    /// <summary>The object of a name; null when it is not there, or is somebody else's.</summary>
    public async Task<OwnObject?> FindAsync(ResourceType type, string name, CancellationToken cancellation) =>
        await session.FindAsync<JsonObject>(type, name, cancellation) is { } item && IsOurs(item) ? OwnObject.Of(type, item) : null;

    /// <summary>Deletes an object, if it is still the one that was found.</summary>
    public Task<bool> DeleteAsync(OwnObject item, Deletion how, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        return session.DeleteAsync(item.Type, item.Name, how with { Uid = item.Uid }, cancellation);
    }

    /// <summary>Whether an object carries both labels.</summary>
    public static bool IsOurs(JsonObject item) =>
        GraphLabels.AreOurs(
            (item["metadata"]?["labels"] as JsonObject)?.Select(l => new KeyValuePair<string, string>(
                l.Key,
                l.Value is JsonValue value && value.TryGetValue<string>(out var text) ? text : ""
            ))
        );
}

/// <summary>An object of this tool's.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="IsTerminating">Whether it is being deleted.</param>
/// <param name="Finalizers">What holds it.</param>
internal sealed record OwnObject(ResourceType Type, string Name, string Uid, bool IsTerminating, IReadOnlyList<string> Finalizers)
{
    /// <summary>Reads one.</summary>
    public static OwnObject Of(ResourceType type, JsonObject item)
    {
        var meta = item["metadata"]!;
        return new OwnObject(
            type, meta["name"]!.GetValue<string>(), meta["uid"]?.GetValue<string>() ?? "", meta["deletionTimestamp"] is not null,
            [.. (meta["finalizers"] as JsonArray ?? []).Select(f => ForeignText.Line(f?.ToString(), 100))]);
    }

    /// <summary><c>Kind/name</c>.</summary>
    public override string ToString() => $"{Type.Kind}/{Name}";

    /// <summary>What holds it, for a message: <c>Pod 'a' (terminating)</c>, <c>Job 'b' (finalizers x)</c>.</summary>
    public string Describe() =>
        $"{Type.Kind} '{Name}'{(Finalizers.Count > 0 ? $" (finalizers {string.Join(", ", Finalizers)})" : IsTerminating ? " (terminating)" : "")}";
}

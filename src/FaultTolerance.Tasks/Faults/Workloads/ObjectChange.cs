using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs;

namespace FaultTolerance.Faults.Workloads;

/// <summary>One change of an object, and its way back. Only what changes is kept: other values may be secrets.</summary>
internal static class ObjectChange
{
    private const int Attempts = 10;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>What puts a place back to what it is now.</summary>
    /// <exception cref="FaultMatrixException">FT0624: the object is not there.</exception>
    public static async Task<JsonObject> UndoAsync(
        ClusterSession session, GraphObject item, IReadOnlyList<string> path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(item);
        var now = await FindAsync(session, item, cancellation);
        return new JsonObject
        {
            ["type"] = new JsonArray(item.Type.Group, item.Type.Version, item.Type.Plural, item.Type.Kind),
            ["name"] = item.Name,
            ["uid"] = now["metadata"]!["uid"]!.DeepClone(),
            ["path"] = new JsonArray([.. path.Select(part => JsonValue.Create(part))]),
            ["before"] = JsonPlace.Get(now, path)?.DeepClone(),
        };
    }

    /// <summary>Makes the change, and returns the generation that has it.</summary>
    public static async Task<long> ApplyAsync(
        ClusterSession session, GraphObject item, IReadOnlyList<string> path, JsonNode? value, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(item);
        return await PutAsync(session, item.Type, await FindAsync(session, item, cancellation), path, value, cancellation);
    }

    /// <summary>Puts back what an undo of <see cref="UndoAsync"/> says, and waits until the cluster has taken note of it.</summary>
    /// <returns>How that was seen.</returns>
    public static async Task<string> RestoreAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(undo);
        var words = undo["type"]!.AsArray().Select(word => word!.GetValue<string>()).ToArray();
        var type = new ResourceType(words[0], words[1], words[2], words[3]);
        var name = undo["name"]!.GetValue<string>();
        string[] path = [.. undo["path"]!.AsArray().Select(part => part!.GetValue<string>())];
        var gone = $"{type.Kind} {name} is gone";
        if (await session.FindAsync<JsonObject>(type, name, cancellation) is not { } now || Uid(now) != undo["uid"]!.GetValue<string>())
        {
            return gone;
        }

        var before = undo["before"];
        var generation = JsonNode.DeepEquals(JsonPlace.Get(now, path), before)
            ? Generation(now) : await PutAsync(session, type, now, path, before, cancellation);
        while (true)
        {
            if (await session.FindAsync<JsonObject>(type, name, cancellation) is not { } seen
                || Uid(seen) != undo["uid"]!.GetValue<string>())
            {
                return gone;
            }

            var observed = Number(seen["status"]?["observedGeneration"]);
            if (JsonNode.DeepEquals(JsonPlace.Get(seen, path), before) && (observed is null || observed >= generation))
            {
                return $"{path[^1]} of {type.Kind} {name} is as before{(observed is null ? "" : $", observed in generation {observed}")}";
            }

            await Task.Delay(Look, session.Time, cancellation);
        }
    }

    private static async Task<long> PutAsync(
        ClusterSession session, ResourceType type, JsonObject now, IReadOnlyList<string> path, JsonNode? value,
            CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            JsonPlace.Set(now, path, value);
            try
            {
                return Generation(await session.ReplaceAsync(type, now, cancellation));
            }
            catch (ClusterException e) when (e.Status == HttpStatusCode.Conflict && attempt < Attempts)
            {
                // Somebody else, mostly a controller, wrote meanwhile: the same change on what is there now.
                now = await session.FindAsync<JsonObject>(type, now["metadata"]!["name"]!.GetValue<string>(), cancellation)
                    ?? throw new FaultMatrixException("FT0624", $"{type.Kind} went while it was being changed", e);
            }
        }
    }

    private static async Task<JsonObject> FindAsync(ClusterSession session, GraphObject item, CancellationToken cancellation) =>
        await session.FindAsync<JsonObject>(item.Type, item.Name, cancellation)
        ?? throw new FaultMatrixException("FT0624", $"{item.Type.Kind} '{item.Name}' is not there any more");

    private static string? Uid(JsonObject item) => item["metadata"]?["uid"]?.GetValue<string>();

    private static long Generation(JsonObject item) => Number(item["metadata"]?["generation"]) ?? 0;

    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}

using System.Text.Json.Nodes;

namespace FaultTolerance.Faults.Workloads;

/// <summary>
/// A place in an object: keys, and for lists the element of a name, written <c>name=main</c>. Reading and writing go by the same path, so
/// what was there can be put back.
/// </summary>
internal static class JsonPlace
{
    private const string ByName = "name=";

    /// <summary>What is there; null for nothing.</summary>
    public static JsonNode? Get(JsonNode? root, IReadOnlyList<string> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Aggregate(root, Step);
    }

    /// <summary>Puts something there, making what leads to it; null takes away what is there.</summary>
    public static void Set(JsonObject root, IReadOnlyList<string> path, JsonNode? value)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(path);
        JsonNode at = root;
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (Step(at, path[i]) is not { } next)
            {
                if (value is null)
                {
                    return;
                }

                next = Put(at, path[i], path[i + 1].StartsWith(ByName, StringComparison.Ordinal) ? new JsonArray() : new JsonObject());
            }

            at = next;
        }

        Put(at, path[^1], value?.DeepClone());
        if (value is null && at is JsonArray { Count: 0 } && at.Parent is JsonObject holder)
        {
            // A list that was made for the one element goes with it.
            holder.Remove(path[^2]);
        }
    }

    private static JsonNode? Step(JsonNode? at, string key) => at switch
    {
        JsonObject map => map[key],
        JsonArray list when key.StartsWith(ByName, StringComparison.Ordinal) => Element(list, key),
        _ => null,
    };

    private static JsonObject? Element(JsonArray list, string key) => list.OfType<JsonObject>()
        .FirstOrDefault(item => item["name"] is JsonValue name && name.TryGetValue<string>(out var text) && text == key[ByName.Length..]);

    private static JsonNode Put(JsonNode at, string key, JsonNode? value)
    {
        if (at is JsonArray list)
        {
            var there = Element(list, key);
            var index = there is null ? list.Count : list.IndexOf(there);
            if (there is not null)
            {
                list.RemoveAt(index);
            }

            if (value is null)
            {
                return at;
            }

            if (value is JsonObject made && made["name"] is null)
            {
                made["name"] = key[ByName.Length..];
            }

            list.Insert(index, value);
            return value;
        }

        if (value is null)
        {
            at.AsObject().Remove(key);
            return at;
        }

        at.AsObject()[key] = value;
        return value;
    }
}

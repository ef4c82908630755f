using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Patching;

/// <summary>JSON patch, RFC 6902, with pointers of RFC 6901.</summary>
internal static class JsonPatch
{
    /// <summary>A copy of the target with every operation applied; 422 where an operation cannot be, 400 for what is no patch.</summary>
    public static JsonNode? Apply(JsonNode target, JsonArray operations)
    {
        JsonNode? root = target.DeepClone();
        foreach (var operation in operations)
        {
            var path = Pointer(operation, "path");
            root = operation.Text("op") switch
            {
                "add" => Add(root, path, Value(operation)),
                "remove" => Remove(root, path),
                "replace" => Replace(root, path, Value(operation)),
                "move" => Move(root, Pointer(operation, "from"), path),
                "copy" => Add(root, path, Find(root, Pointer(operation, "from"))?.DeepClone()),
                "test" => Test(root, path, Value(operation)),
                var other => throw StoreErrors.BadRequest($"unexpected kind of JSON patch operation: {other}"),
            };
        }

        return root;
    }

    private static JsonNode? Value(JsonNode? operation) =>
        operation is JsonObject map && map.ContainsKey("value")
            ? map["value"]?.DeepClone()
            : throw StoreErrors.BadRequest("a JSON patch operation lacks its value");

    private static string[] Pointer(JsonNode? operation, string member)
    {
        var pointer = operation.Text(member) ?? throw StoreErrors.BadRequest($"a JSON patch operation lacks its {member}");
        if (pointer.Length == 0)
        {
            return [];
        }

        return pointer[0] == '/'
            ?
            [
                .. pointer[1..]
                    .Split('/')
                    .Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)),
            ]
            : throw StoreErrors.BadRequest($"'{pointer}' is no JSON pointer");
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value;
        }

        switch (Find(root, path.AsSpan(..^1)))
        {
            case JsonObject map:
                map[path[^1]] = value;
                break;
            case JsonArray list:
                list.Insert(path[^1] == "-" ? list.Count : Index(path, list.Count), value);
                break;
            default:
                throw Missing(path);
        }

        return root;
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        switch (Find(root, path.AsSpan(..^1)))
        {
            case JsonObject map when map.Remove(path[^1]):
                return root;
            case JsonArray list:
                list.RemoveAt(Index(path, list.Count - 1));
                return root;
            default:
                throw Missing(path);
        }
    }

    private static JsonNode? Replace(JsonNode? root, string[] path, JsonNode? value)
    {
        _ = Find(root, path);
        return path.Length == 0 ? value : Add(Remove(root, path), path, value);
    }

    private static JsonNode? Move(JsonNode? root, string[] from, string[] path)
    {
        var value = Find(root, from)?.DeepClone();
        return Add(Remove(root, from), path, value);
    }

    private static JsonNode? Test(JsonNode? root, string[] path, JsonNode? value) =>
        JsonNode.DeepEquals(Find(root, path), value)
            ? root
            : throw Unprocessable($"testing value /{string.Join('/', path)} failed: test failed");

    private static JsonNode? Find(JsonNode? node, ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            node = node switch
            {
                JsonObject map when map.TryGetPropertyValue(step, out var next) => next,
                JsonArray list => list[Index(path, list.Count - 1, step)],
                _ => throw Missing(path),
            };
        }

        return node;
    }

    private static int Index(ReadOnlySpan<string> path, int last, string? step = null) =>
        int.TryParse(step ?? path[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last
            ? index
            : throw Missing(path);

    private static StoreException Missing(ReadOnlySpan<string> path) => Unprocessable($"there is nothing at /{string.Join('/', path)}");

    private static StoreException Unprocessable(string why) =>
        new(422, "Invalid", "the server rejected our request due to an error in our request: " + why) { Details = new("", "", "", [why]) };
}

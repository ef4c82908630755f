using System.Text.Json.Nodes;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>
/// Where two objects differ. Items of lists are told by their names where all have one of their own, else by their place.
/// </summary>
internal static class JsonDifference
{
    /// <summary>
    /// The paths, <c>spec.services.Frontend.replicas</c>, <c>spec.env[DYN_LOG].value</c>; what is new or gone is one path.
    /// </summary>
    public static IReadOnlyList<string> Paths(JsonNode? before, JsonNode? after)
    {
        var paths = new List<string>();
        Compare(before, after, "", paths);
        return paths;
    }

    private static void Compare(JsonNode? before, JsonNode? after, string path, List<string> paths)
    {
        switch (before, after)
        {
            case (JsonObject left, JsonObject right):
                foreach (var key in left.Select(p => p.Key).Union(right.Select(p => p.Key), StringComparer.Ordinal))
                {
                    Member(left, right, key, path.Length == 0 ? key : $"{path}.{key}", paths);
                }

                break;
            case (JsonArray left, JsonArray right):
                Lists(left, right, path, paths);
                break;
            default:
                if (!JsonNode.DeepEquals(before, after))
                {
                    paths.Add(path);
                }

                break;
        }
    }

    private static void Member(JsonObject left, JsonObject right, string key, string path, List<string> paths)
    {
        if (left.ContainsKey(key) != right.ContainsKey(key))
        {
            paths.Add(path);
        }
        else
        {
            Compare(left[key], right[key], path, paths);
        }
    }

    private static void Lists(JsonArray left, JsonArray right, string path, List<string> paths)
    {
        if (ByName(left) is { } before && ByName(right) is { } after)
        {
            foreach (var name in before.Keys.Union(after.Keys, StringComparer.Ordinal))
            {
                if (before.TryGetValue(name, out var one) && after.TryGetValue(name, out var other))
                {
                    Compare(one, other, $"{path}[{name}]", paths);
                }
                else
                {
                    paths.Add($"{path}[{name}]");
                }
            }
        }
        else if (!JsonNode.DeepEquals(left, right))
        {
            paths.Add(path);
        }
    }

    private static Dictionary<string, JsonNode>? ByName(JsonArray list)
    {
        var names = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            if ((item as JsonObject)?["name"] is not JsonValue value || !names.TryAdd(value.ToString(), item!))
            {
                return null;
            }
        }

        return names;
    }
}

using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Api.Apply;

/// <summary>
/// Sets of paths in the form of <c>metadata.managedFields</c>: a tree whose leaves, and whose nodes with a member ".", are in the set.
/// </summary>
internal static class FieldsV1
{
    /// <summary>Reads a set.</summary>
    public static HashSet<string> Read(JsonObject? tree)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        Read(tree ?? [], "", paths);
        paths.Remove("");
        return paths;
    }

    /// <summary>Writes a set.</summary>
    public static JsonObject Write(IEnumerable<string> paths)
    {
        var tree = new JsonObject();
        var all = paths.Order(StringComparer.Ordinal).ToList();
        foreach (var path in all)
        {
            var node = tree;
            foreach (var element in FieldPath.Elements(path))
            {
                node = node[element] as JsonObject ?? Add(node, element);
            }
        }

        // A node that is in the set itself and has others below says so.
        foreach (var path in all)
        {
            var node = FieldPath.Elements(path).Aggregate(tree, (at, element) => at[element]!.AsObject());
            if (node.Count > 0)
            {
                node.Insert(0, ".", new JsonObject());
            }
        }

        return tree;
    }

    private static JsonObject Add(JsonObject node, string element)
    {
        var made = new JsonObject();
        node[element] = made;
        return made;
    }

    private static void Read(JsonObject node, string path, HashSet<string> paths)
    {
        var below = node.Where(member => member.Key != ".").ToList();
        if (below.Count == 0 || node.ContainsKey("."))
        {
            paths.Add(path);
        }

        foreach (var (element, child) in below)
        {
            Read(child as JsonObject ?? [], FieldPath.Of(path, element), paths);
        }
    }
}

using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Api.Apply;

/// <summary>Merges an applied configuration into an object, and takes fields out of one; pure.</summary>
internal static class AppliedMerge
{
    /// <summary>The object with the configuration's fields in it.</summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? config, FieldSchema? schema)
    {
        switch (schema, live, config)
        {
            case (FieldSchema.Members members, JsonObject present, JsonObject wanted):
                var map = present.DeepClone().AsObject();
                foreach (var (name, value) in wanted)
                {
                    map[name] = Merge(present[name], value, members.Of(name));
                }

                return map;
            case (FieldSchema.Keyed keyed, JsonArray present, JsonArray wanted):
                return MergeItems(present, wanted, item => FieldPath.Item("", keyed, item), keyed.Item);
            case (FieldSchema.ValueSet, JsonArray present, JsonArray wanted):
                return MergeItems(present, wanted, item => FieldPath.Value("", item), FieldSchema.Whole);
            default:
                return config?.DeepClone();
        }
    }

    /// <summary>Takes a field out; maps and lists that are empty then go too, unless they are wanted.</summary>
    public static void Remove(JsonObject value, string path, Func<string, bool> isWanted)
    {
        var elements = FieldPath.Elements(path);
        var nodes = new List<JsonNode> { value };
        foreach (var element in elements[..^1])
        {
            if (Child(nodes[^1], element) is not (JsonObject or JsonArray))
            {
                return;
            }

            nodes.Add(Child(nodes[^1], element)!);
        }

        var at = path;
        for (var depth = elements.Length - 1; depth >= 0; depth--)
        {
            Take(nodes[depth], elements[depth]);
            at = FieldPath.Parent(at);
            if (nodes[depth] is JsonObject { Count: > 0 } or JsonArray { Count: > 0 } || depth == 0 || isWanted(at))
            {
                return;
            }
        }
    }

    // The configuration's order where it holds all that is there; else what is there keeps its place and the rest follows.
    private static JsonArray MergeItems(JsonArray present, JsonArray wanted, Func<JsonNode?, string?> keyOf, FieldSchema item)
    {
        var old = present.Where(one => keyOf(one) is not null).GroupBy(keyOf, StringComparer.Ordinal)
            .ToDictionary(group => group.Key!, group => group.First(), StringComparer.Ordinal);
        var next = wanted.GroupBy(keyOf, StringComparer.Ordinal).ToDictionary(
            group => group.Key!, group => Merge(old.GetValueOrDefault(group.Key!), group.Last(), item), StringComparer.Ordinal);
        var order = old.Keys.All(next.ContainsKey) ? next.Keys : old.Keys.Concat(next.Keys.Where(key => !old.ContainsKey(key)));
        return [.. order.Select(key => next.TryGetValue(key, out var merged) ? merged : old[key]?.DeepClone())];
    }

    private static JsonNode? Child(JsonNode node, string element) => node switch
    {
        JsonObject map when element[0] == 'f' => map[element[2..]],
        JsonArray list when element[0] != 'f' && FieldPath.IndexOf(list, element) is var index and >= 0 => list[index],
        _ => null,
    };

    private static void Take(JsonNode node, string element)
    {
        if (node is JsonObject map)
        {
            map.Remove(element[2..]);
        }
        else if (node is JsonArray list && FieldPath.IndexOf(list, element) is var index and >= 0)
        {
            list.RemoveAt(index);
        }
    }
}

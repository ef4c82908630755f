using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Api.Apply;

/// <summary>Finds the fields of a value that can be owned, and what distinguishes two values.</summary>
internal static class FieldWalk
{
    /// <summary>Every field by its path, with its value; an item of a list that is owned by key is one itself, without a value.</summary>
    /// <exception cref="FormatException">Two items have the same keys, an item leaves out a key, or no such field exists.</exception>
    public static Dictionary<string, JsonNode?> Fields(JsonObject value, FieldSchema schema, bool strict = false)
    {
        var fields = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        Walk(value, schema, "", fields, strict);
        return fields;
    }

    /// <summary>The paths of what is new or different in <paramref name="after"/>, and of what is no longer there.</summary>
    public static (HashSet<string> Changed, HashSet<string> Removed) Compare(
        Dictionary<string, JsonNode?> before, Dictionary<string, JsonNode?> after)
    {
        var changed = after.Where(field => !before.TryGetValue(field.Key, out var old) || !JsonNode.DeepEquals(old, field.Value))
            .Select(field => field.Key);
        return (changed.ToHashSet(StringComparer.Ordinal),
            before.Keys.Where(path => !after.ContainsKey(path)).ToHashSet(StringComparer.Ordinal));
    }

    private static void Walk(JsonNode? value, FieldSchema schema, string path, Dictionary<string, JsonNode?> fields, bool strict)
    {
        switch (schema, value)
        {
            case (FieldSchema.Members members, JsonObject { Count: > 0 } map):
                foreach (var (name, member) in map)
                {
                    var at = FieldPath.Member(path, name);
                    if (members.Of(name) is { } known)
                    {
                        Walk(member, known, at, fields, strict);
                    }
                    else if (strict)
                    {
                        throw new FormatException($"{FieldPath.Show(at)}: field not declared in schema");
                    }
                }

                break;
            case (FieldSchema.Keyed keyed, JsonArray { Count: > 0 } list):
                foreach (var item in list)
                {
                    if (FieldPath.Item(path, keyed, item) is not { } at)
                    {
                        if (strict)
                        {
                            throw new FormatException(
                                $"{FieldPath.Show(path)}: element {list.IndexOf(item)}: "
                                + "associative list with keys has an element that omits key field");
                        }

                        continue;
                    }

                    if (!fields.TryAdd(at, null) && strict)
                    {
                        var shown = FieldPath.Show(path);
                        throw new FormatException($"{shown}: duplicate entries for key {FieldPath.Show(at)[shown.Length..]}");
                    }

                    if (item is JsonObject { Count: > 0 } && keyed.Item is not FieldSchema.Atomic)
                    {
                        Walk(item, keyed.Item, at, fields, strict);
                    }
                    else
                    {
                        fields[at] = item;
                    }
                }

                break;
            case (FieldSchema.ValueSet, JsonArray { Count: > 0 } list):
                foreach (var item in list)
                {
                    fields[FieldPath.Value(path, item)] = item;
                }

                break;
            default:
                fields[path] = value;
                break;
        }
    }
}

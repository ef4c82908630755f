using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Patching;

/// <summary>
/// Strategic merge patch: a merge patch whose lists merge by key, with the directives <c>$patch</c> (delete, replace, merge),
/// <c>$retainKeys</c>, <c>$setElementOrder/list</c> and <c>$deleteFromPrimitiveList/list</c>.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Order = "$setElementOrder/";
    private const string DeleteFrom = "$deleteFromPrimitiveList/";

    /// <summary>The target with the patch applied; neither argument is changed.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch) => Merge(target, patch, parent: "");

    private static JsonObject Merge(JsonObject target, JsonObject patch, string parent)
    {
        switch (patch.Text("$patch"))
        {
            case "replace":
                return Plain(patch);
            case "delete":
                return [];
            case null or "merge":
                break;
            case var other:
                throw StoreErrors.BadRequest($"unknown $patch directive: {other}");
        }

        var result = target.Copy();
        foreach (var (name, change) in patch)
        {
            if (name[0] == '$')
            {
                continue;
            }

            switch (change)
            {
                case null:
                    result.Remove(name);
                    break;
                case JsonObject map when map.Text("$patch") == "delete":
                    result.Remove(name);
                    break;
                case JsonObject map:
                    result[name] = Merge(result[name] as JsonObject ?? [], map, name);
                    break;
                case JsonArray list:
                    result[name] = MergeList(result[name] as JsonArray ?? [], list, name, parent);
                    break;
                default:
                    result[name] = change.DeepClone();
                    break;
            }
        }

        ApplyListDirectives(result, patch, parent);
        if (patch.Items("$retainKeys") is { } retain)
        {
            var kept = retain.Select(key => key.Text()).ToHashSet(StringComparer.Ordinal);
            foreach (var name in result.Select(member => member.Key).Where(name => !kept.Contains(name)).ToArray())
            {
                result.Remove(name);
            }
        }

        return result;
    }

    private static JsonArray MergeList(JsonArray target, JsonArray patch, string name, string parent)
    {
        if (MergeKeys.IsSet(name))
        {
            return new([
                .. target.Concat(patch).Select(item => item.Text()).Distinct(StringComparer.Ordinal).Select(text => JsonValue.Create(text)),
            ]);
        }

        if (MergeKeys.Of(name, parent) is not { } key || patch.Any(item => item is not JsonObject))
        {
            return patch.DeepClone().AsArray();
        }

        var maps = patch.OfType<JsonObject>().ToList();
        if (maps.Exists(item => item.Count == 1 && item.Text("$patch") == "replace"))
        {
            return new([.. maps.Where(item => item.Text("$patch") is null).Select(Plain)]);
        }

        var result = target.DeepClone().AsArray();
        foreach (var item in maps)
        {
            var identity = item[key] ?? throw StoreErrors.BadRequest($"map in {name} does not contain the merge key: {key}");
            var index = IndexOf(result, key, identity);
            if (item.Text("$patch") == "delete")
            {
                if (index >= 0)
                {
                    result.RemoveAt(index);
                }
            }
            else if (index < 0)
            {
                result.Add((JsonNode)Merge([], item, name));
            }
            else
            {
                result[index] = Merge(result[index]!.AsObject(), item, name);
            }
        }

        return result;
    }

    private static void ApplyListDirectives(JsonObject result, JsonObject patch, string parent)
    {
        foreach (var (name, directive) in patch)
        {
            if (
                name.StartsWith(DeleteFrom, StringComparison.Ordinal)
                && directive is JsonArray gone
                && result[name[DeleteFrom.Length..]] is JsonArray from
            )
            {
                foreach (var item in from.Where(item => gone.Any(other => JsonNode.DeepEquals(other, item))).ToArray())
                {
                    from.Remove(item);
                }
            }
        }

        foreach (var (name, directive) in patch)
        {
            if (
                name.StartsWith(Order, StringComparison.Ordinal)
                && directive is JsonArray order
                && result[name[Order.Length..]] is JsonArray list
            )
            {
                result[name[Order.Length..]] = Sort(list, order, MergeKeys.Of(name[Order.Length..], parent));
            }
        }
    }

    // Items that the order names stand in that order; an item that it does not name keeps following the item it followed.
    private static JsonArray Sort(JsonArray list, JsonArray order, string? key)
    {
        int RankOf(JsonNode? item) => order.ToList().FindIndex(wanted => key is null
            ? JsonNode.DeepEquals(wanted, item)
            : JsonNode.DeepEquals(wanted.At(key), item.At(key)));

        var named = list.Where(item => RankOf(item) >= 0).OrderBy(RankOf).ToList();
        JsonNode? before = null;
        foreach (var item in list)
        {
            if (RankOf(item) < 0)
            {
                named.Insert(before is null ? 0 : named.IndexOf(before) + 1, item);
            }

            before = item;
        }

        return new([.. named.Select(item => item?.DeepClone())]);
    }

    private static int IndexOf(JsonArray list, string key, JsonNode identity)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (JsonNode.DeepEquals(list[i].At(key), identity))
            {
                return i;
            }
        }

        return -1;
    }

    private static JsonObject Plain(JsonObject patch)
    {
        var copy = patch.Copy();
        foreach (var name in copy.Select(member => member.Key).Where(name => name[0] == '$').ToArray())
        {
            copy.Remove(name);
        }

        return copy;
    }
}

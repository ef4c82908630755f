using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Admission;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Apply;

/// <summary>
/// Server-side apply: the configuration's fields become the manager's; those that it no longer sends, and nobody else owns, go; a
/// field of another manager's with another value is a conflict, unless the manager takes it by force.
/// </summary>
internal static class ServerSideApply
{
    /// <summary>What the configuration makes of an object, or of nothing; its <c>managedFields</c> are written.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="live">The object, or null when there is none.</param>
    /// <param name="config">The configuration, of apiVersion, kind and metadata at least.</param>
    /// <param name="applier">Who applies, with the time; its fields are not asked.</param>
    /// <param name="force">Takes others' fields.</param>
    /// <exception cref="StoreException">409 with the conflicts; 400 or 500 for a configuration that is none.</exception>
    public static JsonObject Apply(Resource resource, JsonObject? live, JsonObject config, FieldManager applier, bool force)
    {
        Demand(resource, config);
        var wanted = WithoutNulls(config);
        var schema = CustomSchemas.Of(resource);
        var fields = FieldsOf(resource, wanted, schema);
        var set = fields.Keys.Where(path => !ManagedFields.IsServers(path, applier.Subresource)
            && !(applier.Subresource.Length == 0 && resource.HasStatus
                && FieldPath.Elements(path)[0] == "f:status")).ToHashSet(StringComparer.Ordinal);

        var present = live ?? [];
        var managers = ManagedFields.Read(present);
        var mine = managers.FindIndex(applier.IsSame);
        var last = mine < 0 ? null : managers[mine];
        var others = managers.Where((_, index) => index != mine).ToList();
        var merged = AppliedMerge.Merge(present, wanted, schema)!.AsObject();
        Prune(merged, last?.Fields ?? [], set, others);

        var (changed, removed) = FieldWalk.Compare(FieldWalk.Fields(present, schema), FieldWalk.Fields(merged, schema));
        changed.IntersectWith(set);
        var conflicts = others.SelectMany(other => other.Fields.Where(changed.Contains).Select(path => (other, path))).ToList();
        if (conflicts.Count > 0 && !force)
        {
            throw Conflict(resource, config, conflicts);
        }

        foreach (var other in others)
        {
            other.Fields.ExceptWith(changed);
            other.Fields.ExceptWith(removed);
        }

        var same = last is not null && last.ApiVersion == applier.ApiVersion && last.Fields.SetEquals(set);
        ManagedFields.Write(merged, [.. others,
            applier with { Fields = set, Time = same && changed.Count == 0 ? last!.Time : applier.Time }]);
        return merged;
    }

    private static void Demand(Resource resource, JsonObject config)
    {
        if (config.Text("apiVersion") is null or "" || config.Text("kind") is null or "")
        {
            throw StoreErrors.BadRequest(
                $"invalid object type: {config.Text("apiVersion") ?? "/"}, Kind={config.Text("kind")}: "
                + "an applied configuration names both");
        }

        if (config.At("metadata", "managedFields") is not null)
        {
            throw StoreErrors.BadRequest("metadata.managedFields must be nil");
        }

        try
        {
            BodyTypes.Demand(resource, config);
        }
        catch (StoreException e)
        {
            throw Untyped(resource, config, e.Message);
        }
    }

    private static Dictionary<string, JsonNode?> FieldsOf(Resource resource, JsonObject config, FieldSchema schema)
    {
        try
        {
            return FieldWalk.Fields(config, schema, strict: true);
        }
        catch (FormatException e)
        {
            throw Untyped(resource, config, e.Message);
        }
    }

    private static void Prune(JsonObject merged, HashSet<string> last, HashSet<string> set, List<FieldManager> others)
    {
        var kept = set.Concat(others.SelectMany(other => other.Fields)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in last.Except(set, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!kept.Contains(path) && !kept.Any(other => FieldPath.IsBelow(other, path)) && !IsKey(path, kept))
            {
                AppliedMerge.Remove(merged, path, kept.Contains);
            }
        }
    }

    // An item that another still owns a part of keeps the members by which it is known.
    private static bool IsKey(string path, HashSet<string> kept)
    {
        var elements = FieldPath.Elements(path);
        if (elements is not [.., ['k', ':', .. var keys], ['f', ':', .. var name]]
            || JsonNode.Parse(keys)?.AsObject().ContainsKey(name) is not true)
        {
            return false;
        }

        var item = FieldPath.Parent(path);
        return kept.Contains(item) || kept.Any(other => FieldPath.IsBelow(other, item));
    }

    private static JsonObject WithoutNulls(JsonObject value)
    {
        var copy = value.Copy();
        Strip(copy);
        return copy;

        static void Strip(JsonNode? node)
        {
            if (node is JsonObject map)
            {
                foreach (var name in map.Where(member => member.Value is null).Select(member => member.Key).ToArray())
                {
                    map.Remove(name);
                }

                map.Select(member => member.Value).ToList().ForEach(Strip);
            }
            else if (node is JsonArray list)
            {
                list.ToList().ForEach(Strip);
            }
        }
    }

    private static StoreException Untyped(Resource resource, JsonObject config, string why) => new(
        500, "",
        $"failed to create typed patch object ({config.Namespace()}/{config.Name()}; {resource.ApiVersion}, Kind={resource.Kind}): {why}");

    private static StoreException Conflict(Resource resource, JsonObject config, List<(FieldManager Manager, string Path)> conflicts)
    {
        var groups = conflicts.GroupBy(conflict => Show(conflict.Manager), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        var text = conflicts.Count == 1
            ? $"Apply failed with 1 conflict: conflict with {groups[0].Key}: {FieldPath.Show(conflicts[0].Path)}"
            : $"Apply failed with {conflicts.Count} conflicts: " + string.Join(
                "\n", groups.Select(group => $"conflicts with {group.Key}:\n" + string.Join("\n",
                    group.Select(conflict => $"- {FieldPath.Show(conflict.Path)}"))));
        return new(409, "Conflict", text)
        {
            Details = new(resource.Type.Group, resource.Kind, config.Name(), [])
            {
                Conflicts = [.. groups.SelectMany(group =>
                    group.Select(conflict => (FieldPath.Show(conflict.Path), $"conflict with {group.Key}")))],
            },
        };
    }

    private static string Show(FieldManager manager)
    {
        var name = $"\"{manager.Manager}\"" + (manager.Subresource.Length > 0 ? $" with subresource \"{manager.Subresource}\"" : "");
        return manager.Operation == ManagedFields.Apply ? name
            : $"{name} using {manager.ApiVersion}" + (manager.Time is null ? "" : $" at {manager.Time}");
    }
}

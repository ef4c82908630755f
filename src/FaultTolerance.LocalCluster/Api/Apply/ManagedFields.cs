using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Apply;

/// <summary>One manager's fields.</summary>
/// <param name="Manager">Its name.</param>
/// <param name="Operation">Apply, or Update for every other write.</param>
/// <param name="ApiVersion">The version that it wrote in.</param>
/// <param name="Subresource">The subresource that it wrote to, or "".</param>
/// <param name="Time">When the set last changed.</param>
/// <param name="Fields">The paths.</param>
internal sealed record FieldManager(string Manager, string Operation, string ApiVersion, string Subresource, string? Time,
    HashSet<string> Fields)
{
    /// <summary>Whether another entry is of the same manager. An applier stays the same one when it changes its version.</summary>
    public bool IsSame(FieldManager other) =>
        (Manager, Operation, Subresource) == (other.Manager, other.Operation, other.Subresource)
            && (Operation == ManagedFields.Apply || ApiVersion == other.ApiVersion);
}

/// <summary>Reads, writes and keeps <c>metadata.managedFields</c>.</summary>
internal static class ManagedFields
{
    /// <summary>The operation of server-side apply.</summary>
    public const string Apply = "Apply";

    /// <summary>The operation of all other writes.</summary>
    public const string Update = "Update";

    /// <summary>An object's managers.</summary>
    public static List<FieldManager> Read(JsonObject value) =>
    [
        .. value.Maps("metadata", "managedFields").Where(entry => entry.Text("fieldsType") is null or "FieldsV1" && entry.Count > 0)
            .Select(entry => new FieldManager(
            entry.Text("manager") ?? "", entry.Text("operation") ?? Update, entry.Text("apiVersion") ?? "", entry.Text("subresource")
                ?? "", entry.Text("time"),
            FieldsV1.Read(entry.Map("fieldsV1")))),
    ];

    /// <summary>Puts an object's managers into it; those that own nothing are left out.</summary>
    public static void Write(JsonObject value, IEnumerable<FieldManager> managers)
    {
        var entries = managers.Where(manager => manager.Fields.Count > 0)
            .OrderBy(manager => manager.Operation, StringComparer.Ordinal).ThenBy(manager => manager.Time, StringComparer.Ordinal)
            .Select(Entry).ToArray<JsonNode?>();
        if (entries.Length > 0)
        {
            value.Metadata()["managedFields"] = new JsonArray(entries);
        }
        else
        {
            value.Metadata().Remove("managedFields");
        }
    }

    /// <summary>
    /// Takes up a write that is no apply: what it changed is the writer's, and no longer others'. A client may change the list of
    /// managers itself; one that leaves it out keeps it, and one with a single empty entry clears it.
    /// </summary>
    public static void Record(FieldSchema schema, JsonObject? before, JsonObject after, FieldManager writer)
    {
        var sent = after.Items("metadata", "managedFields");
        var managers = sent is [JsonObject { Count: 0 }] ? [] : Read(after) is { Count: > 0 } given ? given : Read(before ?? []);
        var (changed, removed) = FieldWalk.Compare(before is null ? [] : FieldWalk.Fields(before, schema), FieldWalk.Fields(after, schema));
        foreach (var manager in managers)
        {
            manager.Fields.ExceptWith(removed);
        }

        changed.RemoveWhere(path => IsServers(path, writer.Subresource));
        if (changed.Count > 0)
        {
            managers.ForEach(manager => manager.Fields.ExceptWith(changed));
            var known = managers.FindIndex(writer.IsSame);
            if (known >= 0)
            {
                changed.UnionWith(managers[known].Fields);
                managers.RemoveAt(known);
            }

            managers.Add(writer with { Fields = changed });
        }

        Write(after, managers);
    }

    /// <summary>Whether a field is the server's, or another endpoint's, so that a writer does not come to own it.</summary>
    public static bool IsServers(string path, string subresource)
    {
        var elements = FieldPath.Elements(path);
        return elements switch
        {
            ["f:apiVersion" or "f:kind", ..] => true,
            ["f:metadata"] => true,
            ["f:metadata", "f:name" or "f:namespace" or "f:uid" or "f:resourceVersion" or "f:generation" or "f:creationTimestamp" or
                "f:selfLink" or "f:managedFields" or "f:deletionTimestamp" or "f:deletionGracePeriodSeconds", ..] => true,
            _ => subresource == "status" && elements[0] is not "f:status",
        };
    }

    private static JsonObject Entry(FieldManager manager)
    {
        var entry = new JsonObject { ["manager"] = manager.Manager, ["operation"] = manager.Operation,
            ["apiVersion"] = manager.ApiVersion };
        if (manager.Time is not null)
        {
            entry["time"] = manager.Time;
        }

        entry["fieldsType"] = "FieldsV1";
        entry["fieldsV1"] = FieldsV1.Write(manager.Fields);
        if (manager.Subresource.Length > 0)
        {
            entry["subresource"] = manager.Subresource;
        }

        return entry;
    }
}

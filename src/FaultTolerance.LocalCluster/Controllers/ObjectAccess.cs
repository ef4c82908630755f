using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>
/// What <see cref="JsonAccess"/> does not read: maps and lists of texts, owners, conditions.
/// </summary>
internal static class ObjectAccess
{
    /// <summary>The texts of the array at the path; empty when there is none.</summary>
    public static IReadOnlyList<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray a ? [.. a.Select(Plain)] : [];

    /// <summary>The object's members as a map of texts (labels, annotations, data).</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonObject o ? o.Select(p => KeyValuePair.Create(p.Key, Plain(p.Value))) : [];

    /// <summary>True once deletion was asked for.</summary>
    public static bool IsDying(this JsonObject o) => o.At("metadata", "deletionTimestamp") is not null;

    /// <summary>The owner that manages the object, or null.</summary>
    public static JsonObject? ControllerOwner(this JsonObject o) =>
        o.Maps("metadata", "ownerReferences").FirstOrDefault(r => r.IsTrue("controller"));

    /// <summary>The condition of that type, or null.</summary>
    public static JsonObject? Condition(this JsonObject o, string type) =>
        o.Maps("status", "conditions").FirstOrDefault(c => c.Text("type") == type);

    /// <summary>True when the pod's condition Ready is True.</summary>
    public static bool IsReady(this JsonObject pod) => pod.Condition("Ready").Text("status") == "True";

    // A manifest's `value: 1` is refused by a strict server; here it reads as its text.
    private static string Plain(JsonNode? value) => value.Text() ?? value?.ToJsonString() ?? "";
}

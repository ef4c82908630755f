using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Storage;

/// <summary>What the store itself knows of an object's metadata.</summary>
internal static class ObjectMetadata
{
    /// <summary>Takes over into <paramref name="after"/> what no update may change.</summary>
    public static void Keep(JsonObject before, JsonObject after)
    {
        var old = before.Metadata();
        var metadata = after.Metadata();
        ReadOnlySpan<string> fixedMembers = ["name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion"];
        foreach (var member in fixedMembers)
        {
            metadata[member] = old[member]?.DeepClone();
        }

        if (old["namespace"] is null)
        {
            metadata.Remove("namespace");
        }

        if (old["deletionTimestamp"] is { } deleting && metadata["deletionTimestamp"] is null)
        {
            metadata["deletionTimestamp"] = deleting.DeepClone();
            metadata["deletionGracePeriodSeconds"] = old["deletionGracePeriodSeconds"]?.DeepClone();
        }
    }

    /// <summary>Removes what is not stored: version and kind belong to the API's answer.</summary>
    public static void Strip(JsonObject value)
    {
        value.Remove("apiVersion");
        value.Remove("kind");
        value.Metadata().Remove("selfLink");
    }

    /// <summary>Whether nothing holds a deleted object any more: no grace, no finalizers.</summary>
    public static bool IsEnded(ResourceType type, JsonObject value)
    {
        var metadata = value.Metadata();
        return metadata["deletionTimestamp"] is not null
            && (value.Number("metadata", "deletionGracePeriodSeconds") ?? 0) == 0
            && metadata["finalizers"] is not JsonArray { Count: > 0 }
            && !(type == ResourceType.Core("namespaces") && value.Items("spec", "finalizers") is { Count: > 0 });
    }
}

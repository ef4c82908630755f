using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Verbs;

/// <summary>What a writer may say of an object, and what it may not.</summary>
internal static class WrittenObject
{
    /// <summary>The object as it is, with the status of another.</summary>
    public static JsonObject WithStatusOf(JsonObject current, JsonObject value)
    {
        var next = current.Copy();
        next.Metadata()["resourceVersion"] = value.At("metadata", "resourceVersion")?.DeepClone();
        if (value.At("metadata", "managedFields") is { } managers)
        {
            next.Metadata()["managedFields"] = managers.DeepClone();
        }

        if (value["status"] is { } status)
        {
            next["status"] = status.DeepClone();
        }
        else
        {
            next.Remove("status");
        }

        return next;
    }

    /// <summary>Puts back what a write cannot change: deletion begins with DELETE alone.</summary>
    public static void Restore(JsonObject current, JsonObject next)
    {
        foreach (var member in (string[])["deletionTimestamp", "deletionGracePeriodSeconds"])
        {
            next.Remove(member);
            if (current[member] is { } value)
            {
                next[member] = value.DeepClone();
            }
        }
    }

    /// <summary>Takes out what is empty: as Kubernetes writes it, that is not there.</summary>
    public static void DropEmpty(JsonObject metadata)
    {
        foreach (var member in (string[])["labels", "annotations", "finalizers", "ownerReferences"])
        {
            if (metadata[member] is JsonObject { Count: 0 } or JsonArray { Count: 0 })
            {
                metadata.Remove(member);
            }
        }
    }

    /// <summary>Refuses, as 400, an object that is not of the resource, the namespace or the name that the request's path has.</summary>
    public static void CheckIdentity(Resource resource, string? @namespace, string? name, JsonObject value)
    {
        var apiVersion = value.Text("apiVersion");
        var kind = value.Text("kind");
        if ((apiVersion is not (null or "") && apiVersion != resource.ApiVersion) || (kind is not (null or "") && kind != resource.Kind))
        {
            throw StoreErrors.BadRequest(
                $"the API version and kind in the data ({apiVersion}, Kind={kind}) do not match the expected ones "
                + $"({resource.ApiVersion}, Kind={resource.Kind})");
        }

        if (name is not null && value.Name().Length > 0 && value.Name() != name)
        {
            throw StoreErrors.BadRequest($"the name of the object ({value.Name()}) does not match the name on the URL ({name})");
        }

        if (resource.Namespaced && value.Namespace().Length > 0 && value.Namespace() != @namespace)
        {
            throw StoreErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }
}

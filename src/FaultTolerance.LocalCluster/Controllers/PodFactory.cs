using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Admission;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Makes pods out of their owners' templates.</summary>
internal static class PodFactory
{
    /// <summary>A pod of an owner's <c>spec.template</c>, not yet stored, without the API server's defaults.</summary>
    public static JsonObject Of(JsonObject owner, ResourceType type, string kind)
    {
        var template = owner.At("spec", "template");
        var metadata = (template.At("metadata") as JsonObject)?.Copy() ?? [];
        metadata.Remove("creationTimestamp");
        metadata["ownerReferences"] = new JsonArray(Owner(owner, type, kind));
        return new() { ["metadata"] = metadata, ["spec"] = template.At("spec")?.DeepClone() ?? new JsonObject() };
    }

    /// <summary>Stores a pod under a name.</summary>
    /// <exception cref="StoreException">409: there is one of that name.</exception>
    public static JsonObject Create(IObjectStore store, JsonObject owner, JsonObject pod, string name)
    {
        PodDefaults.Apply(pod);
        return store.Create(new ResourceId(Resources.Pods, owner.Namespace(), name), pod);
    }

    /// <summary>Stores a pod under a name that begins as told and ends by chance.</summary>
    public static JsonObject CreateNamed(IObjectStore store, JsonObject owner, JsonObject pod, string prefix)
    {
        pod.Metadata()["generateName"] = prefix;
        while (true)
        {
            try
            {
                return Create(store, owner, pod, prefix + ObjectNames.Suffix());
            }
            catch (StoreException e) when (e.Status == 409)
            {
                // The name is taken; once more.
                continue;
            }
        }
    }

    /// <summary>An owner reference to a controller.</summary>
    public static JsonObject Owner(JsonObject owner, ResourceType type, string kind) => new()
    {
        ["apiVersion"] = $"{type.Group}/v1",
        ["kind"] = kind,
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>An owner's pods.</summary>
    public static List<JsonObject> Owned(IObjectStore store, JsonObject owner) =>
        [.. store.List(Resources.Pods, owner.Namespace()).Items.Where(pod => pod.ControllerOwner().Text("uid") == owner.Uid())];

    /// <summary>Whether a pod's containers have ended for good.</summary>
    public static bool HasEnded(JsonObject pod) => pod.Text("status", "phase") is "Succeeded" or "Failed";
}

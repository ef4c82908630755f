using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Verbs;

/// <summary>How a deletion asks.</summary>
/// <param name="GraceSeconds">Grace; null for the object's own.</param>
/// <param name="Propagation">Background (default), Foreground or Orphan.</param>
/// <param name="Uid">Only the object with this uid.</param>
/// <param name="ResourceVersion">Only the object in this version.</param>
/// <param name="DryRun">Delete nothing.</param>
internal sealed record DeleteRequest(
    long? GraceSeconds = null,
    string? Propagation = null,
    string? Uid = null,
    string? ResourceVersion = null,
    bool DryRun = false
);

/// <summary>delete: graceful for pods, held by finalizers, in stages for namespaces and definitions.</summary>
/// <param name="store">Holds the objects.</param>
/// <param name="catalog">Knows the types whose objects an owner can have.</param>
/// <param name="time">Stamps deletions.</param>
internal sealed class DeleteVerbs(MemoryStore store, ResourceCatalog catalog, TimeProvider time)
{
    private const string CustomCleanup = "customresourcecleanup.apiextensions.k8s.io";

    /// <summary>Deletes, or begins to; tells whether the object is gone already.</summary>
    public (JsonObject Object, bool Gone) Delete(Resource resource, string? @namespace, string name, DeleteRequest request)
    {
        var id = resource.Id(@namespace, name);
        if (request.Propagation is not (null or "Background" or "Foreground" or "Orphan"))
        {
            throw StoreErrors.Invalid(
                "DeleteOptions.meta.k8s.io",
                "",
                [$"propagationPolicy: Unsupported value: \"{request.Propagation}\""]
            );
        }

        if (resource.Type == ResourceType.Core("namespaces") && name is ("default" or "kube-system"))
        {
            throw StoreErrors.Forbidden($"namespaces \"{name}\" is forbidden: this namespace may not be deleted");
        }

        var definition = resource.Type == BuiltInResources.Definitions;
        var instances = definition ? InstancesOf(id) : [];
        JsonObject Mark(JsonObject value)
        {
            Demand(id, request, value);
            MarkDeleted(resource, value, request);
            if (instances.Count > 0)
            {
                AddFinalizer(value, CustomCleanup);
            }

            return value;
        }

        if (request.DryRun)
        {
            return (resource.Present(Mark(store.Get(id) ?? throw StoreErrors.NotFound(id))), true);
        }

        if (request.Propagation == "Orphan")
        {
            Orphan(store.Get(id)?.Uid() ?? throw StoreErrors.NotFound(id));
        }

        var marked = store.Update(id, Mark);
        foreach (var (type, key) in instances)
        {
            Delete(type, key.Namespace, key.Name, new());
        }

        if (resource.Definition is not null)
        {
            FinishDefinition(resource.Type);
        }

        return (resource.Present(marked), ObjectMetadata.IsEnded(resource.Type, marked));
    }

    /// <summary>Lets a deleted definition go when its last object has gone; to be called after one may have.</summary>
    public void FinishDefinition(ResourceType type)
    {
        var id = new ResourceId(BuiltInResources.Definitions, "", type.ToString());
        if (store.Get(id) is { } definition && definition.At("metadata", "deletionTimestamp") is not null && InstancesOf(id).Count == 0)
        {
            store.Update(id, value =>
            {
                var finalizers = value.Items("metadata", "finalizers");
                finalizers?.RemoveAll(item => item.Text() == CustomCleanup);
                return value;
            });
        }
    }

    private void MarkDeleted(Resource resource, JsonObject value, DeleteRequest request)
    {
        var metadata = value.Metadata();
        var grace = resource.Type == ResourceType.Core("pods") ? GraceOf(value, request) : 0;
        if (metadata["deletionTimestamp"] is null || grace < value.Number("metadata", "deletionGracePeriodSeconds"))
        {
            metadata["deletionTimestamp"] = MemoryStore.Stamp(time.GetUtcNow().AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
        }

        if (request.Propagation == "Foreground")
        {
            AddFinalizer(value, "foregroundDeletion");
        }

        if (resource.Type == ResourceType.Core("namespaces"))
        {
            value.Ensure("status")["phase"] = "Terminating";
        }
    }

    // A pod that never reached a node, or whose containers have ended, has nothing to wait for.
    private static long GraceOf(JsonObject pod, DeleteRequest request) =>
        string.IsNullOrEmpty(pod.Text("spec", "nodeName")) || pod.Text("status", "phase") is "Succeeded" or "Failed"
            ? 0
            : Math.Max(0, request.GraceSeconds ?? pod.Number("spec", "terminationGracePeriodSeconds") ?? 30);

    private static void AddFinalizer(JsonObject value, string finalizer)
    {
        var finalizers = value.Items("metadata", "finalizers");
        if (finalizers is null)
        {
            value.Metadata()["finalizers"] = new JsonArray(finalizer);
        }
        else if (!finalizers.Any(item => item.Text() == finalizer))
        {
            finalizers.Add((JsonNode)finalizer);
        }
    }

    private static void Demand(ResourceId id, DeleteRequest request, JsonObject value)
    {
        if (request.Uid is { } uid && uid != value.Uid())
        {
            throw StoreErrors.Conflict(id, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {value.Uid()}");
        }

        if (request.ResourceVersion is { } version && version != value.Text("metadata", "resourceVersion"))
        {
            throw StoreErrors.Conflict(
                id,
                $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {value.Text("metadata", "resourceVersion")}"
            );
        }
    }

    private void Orphan(string owner)
    {
        foreach (var type in catalog.All().Select(resource => resource.Type).Distinct())
        {
            foreach (var dependent in store.List(type, @namespace: null).Items)
            {
                if (dependent.Maps("metadata", "ownerReferences").Any(reference => reference.Text("uid") == owner))
                {
                    store.Update(new(type, dependent.Namespace(), dependent.Name()), value =>
                    {
                        value.Items("metadata", "ownerReferences")?.RemoveAll(reference => reference.Text("uid") == owner);
                        return value;
                    });
                }
            }
        }
    }

    private List<(Resource Resource, ObjectKey Key)> InstancesOf(ResourceId definition)
    {
        var resource = catalog
            .All()
            .FirstOrDefault(resource => resource.Definition is not null && resource.Type.ToString() == definition.Name);
        return resource is null
            ? []
            :
            [
                .. store
                    .List(resource.Type, @namespace: null)
                    .Items.Select(value => (resource, new ObjectKey(value.Namespace(), value.Name()))),
            ];
    }
}

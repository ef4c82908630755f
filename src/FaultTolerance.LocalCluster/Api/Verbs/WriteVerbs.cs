using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Admission;
using FaultTolerance.LocalCluster.Api.Apply;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Verbs;

/// <summary>create, update, patch and apply: admission, then the store.</summary>
/// <param name="store">Holds the objects.</param>
/// <param name="defaults">Fills in what clients leave out.</param>
/// <param name="time">Stamps who wrote which fields.</param>
internal sealed class WriteVerbs(MemoryStore store, Defaults defaults, TimeProvider time)
{
    private static readonly ResourceType Namespaces = ResourceType.Core("namespaces");

    /// <summary>Creates an object; with <paramref name="dryRun"/> nothing is stored.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="body">The object.</param>
    /// <param name="dryRun">Store nothing.</param>
    /// <param name="manager">Who will own its fields; null where nobody is to.</param>
    public JsonObject Create(Resource resource, string? @namespace, JsonObject body, bool dryRun = false, string? manager = null)
    {
        var value = body.Copy();
        (value["metadata"] as JsonObject)?.Remove("managedFields");
        return Create(resource, @namespace, value, dryRun, made =>
        {
            if (manager is not null)
            {
                ManagedFields.Record(CustomSchemas.Of(resource), before: null, made, Manager(resource, manager, ManagedFields.Update, ""));
            }
        });
    }

    /// <summary>
    /// Applies a configuration: to the object, or to nothing, which makes it. Tells whether it was made.
    /// </summary>
    public (JsonObject Object, bool Made) Apply(
        Resource resource, string? @namespace, string name, string? subresource, JsonObject config, string manager, bool force, bool dryRun)
    {
        var change = Applying(resource, @namespace, name, subresource, config, manager, force);
        while (true)
        {
            if (store.Get(resource.Id(@namespace, name)) is not null)
            {
                return (Update(resource, @namespace, name, subresource, change, dryRun), false);
            }

            if (subresource is not null)
            {
                throw StoreErrors.NotFound(resource.Id(@namespace, name));
            }

            try
            {
                return (Create(resource, @namespace, change(null), dryRun, _ => { }), true);
            }
            catch (StoreException e) when (e.Reason == "AlreadyExists" && !dryRun)
            {
                // Another made it in between: then it is changed.
                continue;
            }
        }
    }

    /// <summary>Creates an object that says itself who owns its fields.</summary>
    public JsonObject CreateOwned(Resource resource, string? @namespace, JsonObject value, bool dryRun) =>
        Create(resource, @namespace, value, dryRun, _ => { });

    /// <summary>What applying a configuration makes of an object, or of nothing.</summary>
    public Func<JsonObject?, JsonObject> Applying(
        Resource resource, string? @namespace, string name, string? subresource, JsonObject config, string manager, bool force)
    {
        WrittenObject.CheckIdentity(resource, @namespace, name, config);
        var whole = config.Copy();
        whole.Metadata()["name"] = name;
        if (resource.Namespaced)
        {
            whole.Metadata()["namespace"] = @namespace;
        }

        var applier = Manager(resource, manager, ManagedFields.Apply, subresource ?? "");
        return live => ServerSideApply.Apply(resource, live, whole, applier, force);
    }

    /// <summary>Fills in and checks an object as its version asks, for one that is stored in another version.</summary>
    public void Admit(Resource resource, string? @namespace, JsonObject value, string? name)
    {
        BodyTypes.Demand(resource, value);
        WrittenObject.CheckIdentity(resource, @namespace, name, value);
        defaults.Apply(resource, value);
        resource.Present(value);
        var named = value.Copy();
        named.Metadata()["name"] = value.Name().Length > 0 ? value.Name() : value.Text("metadata", "generateName") + "x";
        Validation.Check(resource, named, old: null);
    }

    private FieldManager Manager(Resource resource, string name, string operation, string subresource) =>
        new(name, operation, resource.ApiVersion, subresource, MemoryStore.Stamp(time.GetUtcNow()), []);

    private JsonObject Create(Resource resource, string? @namespace, JsonObject value, bool dryRun, Action<JsonObject> record)
    {
        BodyTypes.Demand(resource, value);
        WrittenObject.CheckIdentity(resource, @namespace, name: null, value);
        var metadata = value.Metadata();
        if (!string.IsNullOrEmpty(value.Text("metadata", "resourceVersion")))
        {
            throw StoreErrors.BadRequest("resourceVersion should not be set on objects to be created");
        }

        if (value.Name().Length == 0)
        {
            var prefix = value.Text("metadata", "generateName")
                ?? throw StoreErrors.Invalid(
                    resource.QualifiedKind,
                    "",
                    ["metadata.name: Required value: name or generateName is required"]
                );
            metadata["name"] = prefix + RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
        }

        foreach (var member in (string[])["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"])
        {
            metadata.Remove(member);
        }

        WrittenObject.DropEmpty(metadata);
        if (resource.HasStatus)
        {
            value.Remove("status");
        }

        if (resource.Namespaced)
        {
            metadata["namespace"] = @namespace;
            CheckNamespace(resource, @namespace ?? "", value.Name());
        }

        if (resource.Type == Namespaces)
        {
            value.Ensure("spec")["finalizers"] = new JsonArray("kubernetes");
        }

        defaults.Apply(resource, value);
        Validation.Check(resource, value, old: null);
        record(value);
        var id = resource.Id(@namespace, value.Name());
        if (dryRun)
        {
            return store.Get(id) is null ? resource.Present(value) : throw StoreErrors.AlreadyExists(id);
        }

        var made = store.Create(id, value);
        if (resource.Type == Namespaces)
        {
            // Every namespace has the account that pods run under when they name none.
            store.Create(new(ResourceType.Core("serviceaccounts"), value.Name(), "default"), []);
        }

        return resource.Present(made);
    }

    /// <summary>
    /// Replaces an object, or its status, by what <paramref name="change"/> makes of the present one, without a gap in
    /// which another could change it.
    /// </summary>
    /// <param name="resource">The resource.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="subresource">status, or null.</param>
    /// <param name="change">What becomes of it.</param>
    /// <param name="dryRun">Store nothing.</param>
    /// <param name="manager">Who will own what changed; null where nobody is to.</param>
    /// <param name="wroteTo">The subresource that was written to, where that is another one: scale.</param>
    public JsonObject Update(
        Resource resource, string? @namespace, string name, string? subresource, Func<JsonObject, JsonObject> change, bool dryRun = false,
        string? manager = null, string? wroteTo = null)
    {
        var id = resource.Id(@namespace, name);
        JsonObject Next(JsonObject current)
        {
            var value = change(resource.Present(current.Copy()));
            WrittenObject.CheckIdentity(resource, @namespace, name, value);
            var next = subresource == "status" ? WrittenObject.WithStatusOf(current, value) : value;
            if (subresource is null && resource.HasStatus)
            {
                next["status"] = current["status"]?.DeepClone();
                if (next["status"] is null)
                {
                    next.Remove("status");
                }
            }

            var uid = value.Uid();
            if (uid.Length > 0 && uid != current.Uid())
            {
                throw StoreErrors.Conflict(id, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid()}");
            }

            WrittenObject.Restore(current.Metadata(), next.Metadata());
            WrittenObject.DropEmpty(next.Metadata());
            if (subresource is null)
            {
                if (resource.Type.ToString() == "services" && next.Text("spec", "clusterIP") is null or "")
                {
                    next.Ensure("spec")["clusterIP"] = current.Text("spec", "clusterIP");
                }

                defaults.Apply(resource, next);
            }

            if (subresource is null || resource.Definition is not null)
            {
                Validation.Check(resource, next, current);
            }

            if (manager is not null)
            {
                ManagedFields.Record(CustomSchemas.Of(resource), current, next,
                    Manager(resource, manager, ManagedFields.Update, wroteTo ?? subresource ?? ""));
            }

            return next;
        }

        if (dryRun)
        {
            return resource.Present(Next(store.Get(id) ?? throw StoreErrors.NotFound(id)));
        }

        return resource.Present(store.Update(id, Next));
    }

    private void CheckNamespace(Resource resource, string @namespace, string name)
    {
        var holder = store.Get(new(Namespaces, "", @namespace)) ?? throw StoreErrors.NotFound(new(Namespaces, "", @namespace));
        if (holder.At("metadata", "deletionTimestamp") is not null)
        {
            throw StoreErrors.Forbidden(
                $"{resource.Type} \"{name}\" is forbidden: unable to create new content in namespace {@namespace} because it is being terminated"
            );
        }
    }
}

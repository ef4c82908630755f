using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Storage;

/// <summary>What a watch delivers: ADDED, MODIFIED or DELETED with the object after (or, deleted, at) the change.</summary>
internal readonly record struct StoreEvent(StoreEventKind Kind, JsonObject Object, long ResourceVersion);

/// <summary>The kinds of change a watch tells of.</summary>
internal enum StoreEventKind
{
    /// <summary>The object is new, or newly matches.</summary>
    Added,

    /// <summary>The object changed.</summary>
    Modified,

    /// <summary>The object is gone.</summary>
    Deleted,
}

/// <summary>
/// Objects by address with one resource version for the whole store, as etcd gives it to the API server.
/// Objects are versionless in storage (the API layer sets <c>apiVersion</c> as asked) and are never shared:
/// what is handed in or out is a copy. Every failure is a <see cref="StoreException"/> with the HTTP status
/// and reason Kubernetes would use. Controllers and the kubelet use the same interface as the API.
/// </summary>
internal interface IObjectStore
{
    /// <summary>The object, or null.</summary>
    JsonObject? Get(ResourceId id);

    /// <summary>All objects of a type, in one namespace or (null) in all, with the version the list is true at.</summary>
    (IReadOnlyList<JsonObject> Items, long ResourceVersion) List(ResourceType type, string? @namespace);

    /// <summary>Adds an object; sets uid, creationTimestamp, resourceVersion, generation 1. 409 AlreadyExists.</summary>
    JsonObject Create(ResourceId id, JsonObject value);

    /// <summary>
    /// Changes an object under the store's lock. <paramref name="change"/> gets a copy and returns the new object, or
    /// null for no change. When spec changed, generation goes up. A resourceVersion in the result that differs from the
    /// stored one is 409 Conflict. 404 NotFound. An object with a deletionTimestamp whose finalizers became empty and
    /// whose grace is 0 is removed.
    /// </summary>
    JsonObject Update(ResourceId id, Func<JsonObject, JsonObject?> change);

    /// <summary>Removes an object at once (graceful deletion is the API layer's). 404; 409 when <paramref name="uid"/> differs.</summary>
    JsonObject Remove(ResourceId id, string? uid = null);

    /// <summary>
    /// Changes after <paramref name="fromVersion"/>, in order, until cancelled. 410 Expired when that version is no longer
    /// in the history.
    /// </summary>
    IAsyncEnumerable<StoreEvent> WatchAsync(ResourceType type, string? @namespace, long fromVersion, CancellationToken cancellation);
}

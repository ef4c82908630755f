using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Deletes as the API does for <c>DELETE</c> without options: a bound pod gets its grace, all else goes at once.</summary>
internal static class Deletion
{
    /// <summary>Begins the deletion; what holds finalizers stays until they are gone. An object that is not there is fine.</summary>
    public static void Begin(IObjectStore store, ResourceId id, TimeProvider time, string? uid = null)
    {
        try
        {
            store.Update(id, o =>
            {
                if (o.IsDying() || (uid is not null && o.Uid() != uid))
                {
                    return null;
                }

                var bound = id.Type == Resources.Pods && o.Text("spec", "nodeName") is { Length: > 0 };
                var ended = o.Text("status", "phase") is "Succeeded" or "Failed";
                var grace = bound && !ended ? o.Number("spec", "terminationGracePeriodSeconds") ?? 30 : 0;
                var metadata = o.Metadata();
                metadata["deletionTimestamp"] = MemoryStore.Stamp(time.GetUtcNow().AddSeconds(grace));
                metadata["deletionGracePeriodSeconds"] = grace;
                return o;
            });
        }
        catch (StoreException e) when (e.Status == 404)
        {
            // gone already: what was wanted
        }
    }

    /// <summary>Takes a finalizer off; the store removes what then has none left.</summary>
    public static void RemoveFinalizer(IObjectStore store, ResourceId id, string finalizer) =>
        store.Update(id, o =>
        {
            var left = o.Texts("metadata", "finalizers").Where(f => f != finalizer).ToList();
            o.Metadata()["finalizers"] = left.Count == 0 ? null : new JsonArray([.. left.Select(f => (JsonNode)f)]);
            if (left.Count == 0)
            {
                o.Metadata().Remove("finalizers");
            }

            return o;
        });
}

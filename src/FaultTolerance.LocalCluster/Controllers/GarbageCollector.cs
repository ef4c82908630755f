using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>
/// Deletes what has lost its owners (background), what a dying owner waits for (finalizer <c>foregroundDeletion</c>), and
/// sets free what is to be left behind (finalizer <c>orphan</c>). It follows every namespaced type, also those of custom
/// resource definitions as they come.
/// </summary>
internal sealed class GarbageCollector(IObjectStore store, TimeProvider time, ILogger log) : Controller(store, time, log)
{
    private const string Foreground = "foregroundDeletion";
    private const string Orphan = "orphan";

    private readonly HashSet<ResourceType> _followed = [];
    private readonly Lock _lock = new();
    private CancellationToken _stop;
    private Action<Task> _track = _ => { };

    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.CustomResourceDefinitions];

    /// <summary>Runs until cancelled, with a watch for each type.</summary>
    public async Task RunAllAsync(CancellationToken cancellation)
    {
        _stop = cancellation;
        var watches = new System.Collections.Concurrent.ConcurrentBag<Task>();
        _track = watches.Add;
        FollowNew();
        try
        {
            await RunAsync(cancellation);
        }
        finally
        {
            await Task.WhenAll(watches);
        }
    }

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        if (Store.Get(id) is not { } o)
        {
            return;
        }

        var finalizers = o.Texts("metadata", "finalizers");
        if (o.IsDying() && finalizers.Contains(Orphan, StringComparer.Ordinal))
        {
            foreach (var (dependent, _) in Dependents(o))
            {
                Store.Update(dependent, d =>
                {
                    var left = d.Maps("metadata", "ownerReferences")
                        .Where(r => r.Text("uid") != o.Uid())
                        .Select(r => (JsonNode)r.Copy())
                        .ToArray();
                    d.Metadata()["ownerReferences"] = new JsonArray(left);
                    return d;
                });
            }

            Deletion.RemoveFinalizer(Store, id, Orphan);
        }
        else if (o.IsDying() && finalizers.Contains(Foreground, StringComparer.Ordinal))
        {
            var waits = false;
            foreach (var (dependent, reference) in Dependents(o))
            {
                DeleteForeground(dependent);
                waits |= reference.IsTrue("blockOwnerDeletion") && Store.Get(dependent) is not null;
            }

            if (!waits)
            {
                Deletion.RemoveFinalizer(Store, id, Foreground);
            }
        }
        else if (
            !o.IsDying()
            && o.Maps("metadata", "ownerReferences").Any()
            && !o.Maps("metadata", "ownerReferences").Any(r => OwnerExists(id.Namespace, r))
        )
        {
            Deletion.Begin(Store, id, Time, o.Uid());
        }
    }

    /// <inheritdoc/>
    protected override void Changed(ResourceType type, StoreEvent change)
    {
        if (type == Resources.CustomResourceDefinitions)
        {
            FollowNew();
        }
    }

    private void FollowNew()
    {
        foreach (var (type, _) in ResourceCatalog.Namespaced(Store))
        {
            lock (_lock)
            {
                if (type == Resources.Events || !_followed.Add(type))
                {
                    continue;
                }
            }

            _track(
                StoreWatch.RunAsync(
                    Store,
                    type,
                    items => items.ToList().ForEach(i => Seen(type, new StoreEvent(StoreEventKind.Added, i, 0))),
                    e => Seen(type, e),
                    _stop
                )
            );
        }
    }

    private void Seen(ResourceType type, StoreEvent change)
    {
        var o = change.Object;
        if (change.Kind != StoreEventKind.Deleted)
        {
            if (o.IsDying() || change.Kind == StoreEventKind.Added)
            {
                Enqueue(IdOf(type, o));
            }

            return;
        }

        foreach (var (dependent, _) in Dependents(o))
        {
            Enqueue(dependent);
        }

        // An owner may wait in the foreground for this one to be gone.
        foreach (var reference in o.Maps("metadata", "ownerReferences"))
        {
            if (TypeOf(reference) is { } owner)
            {
                Enqueue(new ResourceId(owner, o.Namespace(), reference.Text("name") ?? ""));
            }
        }
    }

    private List<(ResourceId Id, JsonObject Reference)> Dependents(JsonObject owner)
    {
        var found = new List<(ResourceId, JsonObject)>();
        foreach (var (type, _) in ResourceCatalog.Namespaced(Store))
        {
            if (type == Resources.Events)
            {
                continue;
            }

            foreach (var item in Store.List(type, owner.Namespace()).Items)
            {
                if (item.Maps("metadata", "ownerReferences").FirstOrDefault(r => r.Text("uid") == owner.Uid()) is { } reference)
                {
                    found.Add((IdOf(type, item), reference));
                }
            }
        }

        return found;
    }

    private void DeleteForeground(ResourceId id)
    {
        // What has dependents of its own waits for them in turn.
        if (id.Type.Group is "apps" or "batch")
        {
            Store.Update(id, o =>
            {
                if (o.IsDying())
                {
                    return null;
                }

                var finalizers = o.Texts("metadata", "finalizers").Append(Foreground).Distinct(StringComparer.Ordinal);
                o.Metadata()["finalizers"] = new JsonArray([.. finalizers.Select(f => (JsonNode)f)]);
                return o;
            });
        }

        Deletion.Begin(Store, id, Time);
    }

    private ResourceType? TypeOf(JsonObject reference)
    {
        var version = reference.Text("apiVersion") ?? "";
        var group = version.Contains('/', StringComparison.Ordinal) ? version[..version.IndexOf('/', StringComparison.Ordinal)] : "";
        var kind = reference.Text("kind");
        foreach (var (type, name) in ResourceCatalog.Namespaced(Store))
        {
            if (type.Group == group && name == kind)
            {
                return type;
            }
        }

        return null;
    }

    // An owner of a kind that is not known (a node, a cluster-scoped object) is taken to exist.
    private bool OwnerExists(string ns, JsonObject reference) =>
        TypeOf(reference) is not { } type
        || Store.Get(new ResourceId(type, ns, reference.Text("name") ?? ""))?.Uid() == reference.Text("uid");
}

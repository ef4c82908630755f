using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Empties a namespace whose deletion was asked for, then lets it go.</summary>
internal sealed class NamespaceController(IObjectStore store, TimeProvider time, ILogger log) : Controller(store, time, log)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.Namespaces, Resources.Pods];

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        if (Store.Get(id) is not { } found || !found.IsDying())
        {
            return;
        }

        var left = false;
        foreach (var (type, _) in ResourceCatalog.Namespaced(Store))
        {
            foreach (var item in Store.List(type, id.Name).Items)
            {
                Deletion.Begin(Store, IdOf(type, item), Time, item.Uid());
                left |= Store.Get(IdOf(type, item)) is not null;
            }
        }

        if (left)
        {
            // The end of a pod brings us back; finalizers of other kinds are looked for now and then.
            EnqueueAt(id, Time.GetUtcNow() + LookAgain);
            return;
        }

        Store.Update(id, o =>
        {
            (o["spec"] as JsonObject)?.Remove("finalizers");
            return o;
        });
    }

    /// <inheritdoc/>
    protected override void Changed(ResourceType type, StoreEvent change)
    {
        if (type == Resources.Namespaces)
        {
            Enqueue(IdOf(type, change.Object));
        }
        else if (change.Kind == StoreEventKind.Deleted)
        {
            Enqueue(new ResourceId(Resources.Namespaces, "", change.Object.Namespace()));
        }
    }
}

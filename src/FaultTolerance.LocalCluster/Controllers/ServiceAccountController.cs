using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Gives every namespace its service account <c>default</c>.</summary>
internal sealed class ServiceAccountController(IObjectStore store, TimeProvider time, ILogger log) : Controller(store, time, log)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.Namespaces, Resources.ServiceAccounts];

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        if (
            Store.Get(id) is not { } found
            || found.IsDying()
            || Store.Get(new ResourceId(Resources.ServiceAccounts, id.Name, "default")) is not null
        )
        {
            return;
        }

        Store.Create(
            new ResourceId(Resources.ServiceAccounts, id.Name, "default"),
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default", ["namespace"] = id.Name } });
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

using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Keeps Endpoints and EndpointSlices of every service that has a selector.</summary>
internal sealed class EndpointsController(IObjectStore store, TimeProvider time, ILogger log) : Controller(store, time, log)
{
    private const string ServiceLabel = "kubernetes.io/service-name";

    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.Services, Resources.Pods];

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        var service = Store.Get(id);
        if (service is null || service.IsDying())
        {
            Deletion.Begin(Store, id with { Type = Resources.Endpoints }, Time);
            Trim(id, keep: 0);
            return;
        }

        if (!service.Pairs("spec", "selector").Any())
        {
            return; // whoever made it keeps its endpoints
        }

        var members = EndpointSubsets.Members(service, Store.List(Resources.Pods, id.Namespace).Items);
        var stamp = Stamp.Now(Time);
        Put(id with { Type = Resources.Endpoints }, service, o => Same(o, "subsets", EndpointSubsets.Subsets(service, members)), stamp);

        var slices = EndpointSubsets.Slices(service, members);
        for (var i = 0; i < Math.Max(1, slices.Count); i++)
        {
            var (ports, endpoints) = i < slices.Count ? slices[i] : ([], []);
            Put(SliceId(id, i), service, o =>
            {
                o["addressType"] = "IPv4";
                return Same(o, "endpoints", endpoints) & Same(o, "ports", ports);
            }, stamp);
        }

        Trim(id, Math.Max(1, slices.Count));
    }

    /// <inheritdoc/>
    protected override void Changed(ResourceType type, StoreEvent change)
    {
        if (type == Resources.Services)
        {
            Enqueue(IdOf(type, change.Object));
            return;
        }

        // A pod's labels may have changed, so every service of the namespace is looked at; they are few.
        foreach (var service in Store.List(Resources.Services, change.Object.Namespace()).Items)
        {
            Enqueue(IdOf(Resources.Services, service));
        }
    }

    private static ResourceId SliceId(ResourceId service, int index) =>
        new(Resources.EndpointSlices, service.Namespace, string.Create(CultureInfo.InvariantCulture, $"{service.Name}-local{index}"));

    private static bool Same(JsonObject o, string key, JsonArray value)
    {
        if (JsonNode.DeepEquals(o[key], value))
        {
            return true;
        }

        o[key] = value.DeepClone();
        return false;
    }

    // A Service's labels are those of its endpoints, by which clients choose what they watch.
    private static JsonObject LabelsOf(ResourceId id, JsonObject service)
    {
        var labels = (service.At("metadata", "labels") as JsonObject)?.Copy() ?? [];
        if (id.Type == Resources.EndpointSlices)
        {
            labels[ServiceLabel] = service.Name();
            labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io";
        }

        return labels;
    }

    private void Put(ResourceId id, JsonObject service, Func<JsonObject, bool> fill, string stamp)
    {
        if (Store.Get(id) is not null)
        {
            Store.Update(id, o =>
            {
                var labels = LabelsOf(id, service);
                var relabelled = !JsonNode.DeepEquals(o.At("metadata", "labels"), labels);
                o.Metadata()["labels"] = labels;
                if (fill(o) && !relabelled)
                {
                    return null;
                }

                o.Metadata().Ensure("annotations")["endpoints.kubernetes.io/last-change-trigger-time"] = stamp;
                return o;
            });
            return;
        }

        var made = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = LabelsOf(id, service) } };
        if (id.Type == Resources.EndpointSlices)
        {
            made.Metadata()["ownerReferences"] = new JsonArray(
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Service",
                    ["name"] = service.Name(),
                    ["uid"] = service.Uid(),
                    ["controller"] = true,
                    ["blockOwnerDeletion"] = true,
                }
            );
        }

        fill(made);
        Store.Create(id, made);
    }

    private void Trim(ResourceId service, int keep)
    {
        for (var i = keep; Store.Get(SliceId(service, i)) is not null; i++)
        {
            Deletion.Begin(Store, SliceId(service, i), Time);
        }
    }
}

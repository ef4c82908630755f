using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Binds pods to the one node, or says why it cannot. Requests for cpu and memory are not counted; others are, per pod.</summary>
internal sealed class Scheduler(IObjectStore store, EventRecorder events, TimeProvider time, ILogger log) : Controller(store, time, log)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.Pods, Resources.Nodes];

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        if (Store.Get(id) is not { } pod || pod.IsDying() || pod.Text("spec", "nodeName") is { Length: > 0 })
        {
            return;
        }

        if (Store.Get(new ResourceId(Resources.Nodes, "", Resources.NodeName)) is not { } node)
        {
            EnqueueAt(id, Time.GetUtcNow() + TimeSpan.FromMilliseconds(100));
            return;
        }

        var obstacle = Obstacle(pod, node);
        var now = Time.GetUtcNow();
        var after = Store.Update(id, p =>
        {
            if (p.Uid() != pod.Uid())
            {
                return null;
            }

            var status = p.Ensure("status");
            status.Default("phase", "Pending");
            if (obstacle is null)
            {
                p.Ensure("spec")["nodeName"] = Resources.NodeName;
                Conditions.Set(status, "PodScheduled", true, null, null, now);
            }
            else
            {
                Conditions.Set(status, "PodScheduled", false, "Unschedulable", "0/1 nodes are available: " + obstacle, now);
            }

            return p;
        });
        if (obstacle is null)
        {
            events.Normal(pod, "Pod", "Scheduled", $"Successfully assigned {id.Namespace}/{id.Name} to {Resources.NodeName}");
        }
        else if (pod.Condition("PodScheduled").Text("message") != after.Condition("PodScheduled").Text("message"))
        {
            events.Warning(pod, "Pod", "FailedScheduling", "0/1 nodes are available: " + obstacle);
        }
    }

    /// <inheritdoc/>
    protected override void Changed(ResourceType type, StoreEvent change)
    {
        // A node that changed may take pods that it did not take before.
        var pods = type == Resources.Pods ? [change.Object] : Store.List(Resources.Pods, null).Items;
        foreach (var pod in pods.Where(pod => pod.Text("spec", "nodeName") is null))
        {
            if (type != Resources.Pods || change.Kind != StoreEventKind.Deleted)
            {
                Enqueue(IdOf(Resources.Pods, pod));
            }
        }
    }

    /// <summary>Why the pod cannot run on the node; null when it can.</summary>
    internal static string? Obstacle(JsonObject pod, JsonObject node)
    {
        if (node.IsTrue("spec", "unschedulable"))
        {
            return "1 node(s) were unschedulable.";
        }

        foreach (var (key, value) in pod.Pairs("spec", "nodeSelector"))
        {
            if (node.Text("metadata", "labels", key) != value)
            {
                return "1 node(s) didn't match Pod's node affinity/selector.";
            }
        }

        foreach (var container in pod.Maps("spec", "containers"))
        {
            foreach (var (resource, amount) in container.Pairs("resources", "limits").Concat(container.Pairs("resources", "requests")))
            {
                if (resource is "cpu" or "memory" or "ephemeral-storage")
                {
                    continue; // processes share the machine as they can
                }

                if (
                    !long.TryParse(amount, out var wanted)
                    || !long.TryParse(node.Text("status", "allocatable", resource), out var there)
                    || wanted > there
                )
                {
                    return $"1 Insufficient {resource}.";
                }
            }
        }

        return null;
    }
}

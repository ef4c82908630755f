using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Keeps as many pods as a replica set asks for. A pod that is dying or has ended counts no more.</summary>
internal sealed class ReplicaSetController(IObjectStore store, EventRecorder events, TimeProvider time, ILogger log)
    : Controller(store, time, log)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.ReplicaSets, Resources.Pods];

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        if (Store.Get(id) is not { } set)
        {
            return;
        }

        var (pods, _) = Store.List(Resources.Pods, id.Namespace);
        var active = pods.Where(p =>
                p.ControllerOwner().Text("uid") == set.Uid() && !p.IsDying() && p.Text("status", "phase") is not ("Succeeded" or "Failed")
            )
            .ToList();
        if (!set.IsDying())
        {
            active = Scale(set, active);
        }

        WriteStatus(id, set, active);
    }

    /// <inheritdoc/>
    protected override void Changed(ResourceType type, StoreEvent change)
    {
        if (type == Resources.ReplicaSets)
        {
            Enqueue(IdOf(type, change.Object));
        }
        else if (change.Object.ControllerOwner() is { } owner && owner.Text("kind") == "ReplicaSet")
        {
            Enqueue(new ResourceId(Resources.ReplicaSets, change.Object.Namespace(), owner.Text("name") ?? ""));
        }
    }

    // Which goes first: not bound, then pending, then not ready, then the youngest.
    private static IEnumerable<JsonObject> InOrderOfDeletion(IEnumerable<JsonObject> pods) => pods
        .OrderBy(p => p.Text("spec", "nodeName") is null ? 0 : 1)
        .ThenBy(p => p.Text("status", "phase") == "Running" ? 1 : 0)
        .ThenBy(p => p.IsReady() ? 1 : 0)
        .ThenByDescending(p => Stamp.Parse(p.Condition("Ready").Text("lastTransitionTime")))
        .ThenByDescending(p => p.Text("metadata", "creationTimestamp"), StringComparer.Ordinal);

    private List<JsonObject> Scale(JsonObject set, List<JsonObject> active)
    {
        var wanted = (int)(set.Number("spec", "replicas") ?? 1);
        for (var i = active.Count; i < wanted; i++)
        {
            var pod = PodFactory.CreateNamed(Store, set, PodFactory.Of(set, Resources.ReplicaSets, "ReplicaSet"), set.Name() + "-");
            active.Add(pod);
            events.Normal(set, "ReplicaSet", "SuccessfulCreate", $"Created pod: {pod.Name()}");
        }

        foreach (var pod in InOrderOfDeletion(active).Take(Math.Max(0, active.Count - wanted)).ToList())
        {
            Deletion.Begin(Store, IdOf(Resources.Pods, pod), Time, pod.Uid());
            active.Remove(pod);
            events.Normal(set, "ReplicaSet", "SuccessfulDelete", $"Deleted pod: {pod.Name()}");
        }

        return active;
    }

    private void WriteStatus(ResourceId id, JsonObject set, List<JsonObject> active)
    {
        var minimum = TimeSpan.FromSeconds(set.Number("spec", "minReadySeconds") ?? 0);
        var now = Time.GetUtcNow();
        var ready = active.Where(p => p.IsReady()).ToList();
        var available = 0;
        foreach (var pod in ready)
        {
            var since = Stamp.Parse(pod.Condition("Ready").Text("lastTransitionTime")) ?? now;
            if (since + minimum <= now)
            {
                available++;
            }
            else
            {
                EnqueueAt(id, since + minimum);
            }
        }

        Store.Update(id, o =>
        {
            if (o.Uid() != set.Uid())
            {
                return null;
            }

            o["status"] = Counts(
                o,
                ("replicas", active.Count),
                ("fullyLabeledReplicas", active.Count),
                ("readyReplicas", ready.Count),
                ("availableReplicas", available)
            );
            o.Ensure("status")["observedGeneration"] = set.Number("metadata", "generation");
            return o;
        });
    }

    /// <summary>A status with these counts: as Kubernetes writes it, zero is left out but for <c>replicas</c>.</summary>
    internal static JsonObject Counts(JsonObject o, params ReadOnlySpan<(string Key, int Value)> counts)
    {
        var status = (o["status"] as JsonObject)?.Copy() ?? [];
        foreach (var (key, value) in counts)
        {
            if (value == 0 && key != "replicas")
            {
                status.Remove(key);
            }
            else
            {
                status[key] = value;
            }
        }

        return status;
    }
}

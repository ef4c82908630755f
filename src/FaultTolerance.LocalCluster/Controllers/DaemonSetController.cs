using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Keeps one pod of a daemon set on each node that fits, of which there is one.</summary>
internal sealed class DaemonSetController(IObjectStore store, EventRecorder events, TimeProvider time, ILogger log)
    : Controller(store, time, log)
{
    private const string Kind = "DaemonSet";
    private const string RevisionLabel = "controller-revision-hash";

    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.DaemonSets, Resources.Pods];

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        if (Store.Get(id) is not { } set)
        {
            return;
        }

        if (Store.Get(new ResourceId(Resources.Nodes, "", Resources.NodeName)) is not { } node)
        {
            EnqueueAt(id, Time.GetUtcNow() + TimeSpan.FromMilliseconds(100));
            return;
        }

        var hash = ObjectNames.TemplateHash(set.At("spec", "template"), 0);
        var fits = set.Pairs("spec", "template", "spec", "nodeSelector")
            .All(wanted => node.Text("metadata", "labels", wanted.Key) == wanted.Value);
        var pods = PodFactory.Owned(Store, set);
        if (!set.IsDying())
        {
            Step(set, pods, hash, fits);
            pods = PodFactory.Owned(Store, set);
        }

        WriteStatus(id, set, pods, hash, fits);
    }

    /// <inheritdoc/>
    protected override void Changed(ResourceType type, StoreEvent change)
    {
        if (type == Resources.DaemonSets)
        {
            Enqueue(IdOf(type, change.Object));
        }
        else if (change.Object.ControllerOwner() is { } owner && owner.Text("kind") == Kind)
        {
            Enqueue(new ResourceId(Resources.DaemonSets, change.Object.Namespace(), owner.Text("name") ?? ""));
        }
    }

    private void Step(JsonObject set, List<JsonObject> pods, string hash, bool fits)
    {
        var rolls = set.Text("spec", "updateStrategy", "type") != "OnDelete";
        var kept = 0;
        foreach (var pod in pods.Where(pod => !pod.IsDying()))
        {
            var old = rolls && pod.Text("metadata", "labels", RevisionLabel) != hash;
            if (!fits || old || PodFactory.HasEnded(pod) || ++kept > 1)
            {
                Deletion.Begin(Store, IdOf(Resources.Pods, pod), Time, pod.Uid());
                events.Normal(set, Kind, "SuccessfulDelete", $"Deleted pod: {pod.Name()}");
            }
        }

        // Two pods of a daemon never share a node: the next one comes when the last has gone.
        if (fits && PodFactory.Owned(Store, set).Count == 0)
        {
            var pod = PodFactory.Of(set, Resources.DaemonSets, Kind);
            pod.Metadata().Ensure("labels")[RevisionLabel] = hash;
            events.Normal(set, Kind, "SuccessfulCreate",
                $"Created pod: {PodFactory.CreateNamed(Store, set, pod, set.Name() + "-").Name()}");
        }
    }

    private void WriteStatus(ResourceId id, JsonObject set, List<JsonObject> pods, string hash, bool fits)
    {
        var active = pods.Where(pod => !pod.IsDying() && !PodFactory.HasEnded(pod)).ToList();
        var ready = active.Count(pod => pod.IsReady());
        var (desired, scheduled) = (fits ? 1 : 0, active.Count(pod => pod.Text("spec", "nodeName") is { Length: > 0 }));
        Store.Update(id, o =>
        {
            if (o.Uid() != set.Uid())
            {
                return null;
            }

            var status = o.Ensure("status");
            status["currentNumberScheduled"] = scheduled;
            status["desiredNumberScheduled"] = desired;
            status["numberMisscheduled"] = 0;
            status["numberReady"] = ready;
            status["numberAvailable"] = ready;
            status["numberUnavailable"] = desired - Math.Min(desired, ready);
            status["updatedNumberScheduled"] = active.Count(pod => pod.Text("metadata", "labels", RevisionLabel) == hash);
            status["observedGeneration"] = set.Number("metadata", "generation");
            return o;
        });
    }
}

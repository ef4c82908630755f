using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Turns a deployment into replica sets, one per pod template, and moves replicas from old to new by its strategy.</summary>
internal sealed class DeploymentController(IObjectStore store, EventRecorder events, TimeProvider time, ILogger log)
    : Controller(store, time, log)
{
    private const string HashLabel = "pod-template-hash";
    private const string Revision = "deployment.kubernetes.io/revision";

    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.Deployments, Resources.ReplicaSets, Resources.Pods];

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        if (Store.Get(id) is not { } deployment)
        {
            return;
        }

        var sets = OwnedSets(deployment);
        var current = sets.Find(s => HasTemplate(s, deployment));
        if (!deployment.IsDying())
        {
            var wanted = (int)(deployment.Number("spec", "replicas") ?? 1);
            var paused = deployment.IsTrue("spec", "paused");
            var old = sets.Where(s => s != current).ToList();
            if (paused)
            {
                if (current is not null)
                {
                    SetSize(deployment, current, wanted);
                }
            }
            else if (deployment.Text("spec", "strategy", "type") == "Recreate")
            {
                foreach (var set in old)
                {
                    SetSize(deployment, set, 0);
                }

                if (!HasPodsOf(deployment, old))
                {
                    current = EnsureSet(deployment, sets, current, wanted);
                    SetSize(deployment, current, wanted);
                }
            }
            else
            {
                current = EnsureSet(deployment, sets, current, 0);
                Roll(deployment, current, old, wanted);
            }

            Clean(deployment, old);
        }

        DeploymentStatus.Write(Store, Time, id, deployment, OwnedSets(deployment), current?.Uid(), EnqueueAt);
    }

    /// <inheritdoc/>
    protected override void Changed(ResourceType type, StoreEvent change)
    {
        var o = change.Object;
        if (type == Resources.Deployments)
        {
            Enqueue(IdOf(type, o));
            return;
        }

        // A pod matters itself only when it is gone: Recreate waits for that. All else shows in its set's status.
        var owner = o.ControllerOwner();
        if (type == Resources.Pods)
        {
            owner = change.Kind == StoreEventKind.Deleted && owner.Text("name") is { } set
                ? Store.Get(new ResourceId(Resources.ReplicaSets, o.Namespace(), set))?.ControllerOwner()
                : null;
        }

        if (owner.Text("kind") == "Deployment")
        {
            Enqueue(new ResourceId(Resources.Deployments, o.Namespace(), owner.Text("name") ?? ""));
        }
    }

    /// <summary>A replica set's revision.</summary>
    internal static long RevisionOf(JsonObject set) =>
        long.TryParse(set.Text("metadata", "annotations", Revision), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;

    private static bool HasTemplate(JsonObject set, JsonObject deployment)
    {
        var template = set.At("spec", "template")?.DeepClone() as JsonObject ?? [];
        (template.At("metadata", "labels") as JsonObject)?.Remove(HashLabel);
        return ObjectNames.TemplateHash(template, 0) == ObjectNames.TemplateHash(deployment.At("spec", "template"), 0);
    }

    private static ReplicaCount Count(JsonObject set) =>
        new(set.Name(), (int)(set.Number("spec", "replicas") ?? 1), (int)(set.Number("status", "availableReplicas") ?? 0));

    private List<JsonObject> OwnedSets(JsonObject deployment) =>
        [.. Store.List(Resources.ReplicaSets, deployment.Namespace()).Items
            .Where(s => s.ControllerOwner().Text("uid") == deployment.Uid() && !s.IsDying())
            .OrderBy(RevisionOf)];

    private bool HasPodsOf(JsonObject deployment, List<JsonObject> old)
    {
        var uids = old.Select(o => o.Uid()).ToHashSet(StringComparer.Ordinal);
        return Store.List(Resources.Pods, deployment.Namespace()).Items.Any(
            p => p.Text("status", "phase") is not ("Succeeded" or "Failed") && uids.Contains(p.ControllerOwner().Text("uid") ?? ""));
    }

    private void Roll(JsonObject deployment, JsonObject current, List<JsonObject> old, int wanted)
    {
        var (surge, unavailable) = RollingUpdate.Bounds(deployment, wanted);
        List<ReplicaCount> before = [.. old.Select(Count)];
        var size = RollingUpdate.NewSize(wanted, surge, Count(current), before);
        if (SetSize(deployment, current, size))
        {
            return; // its status comes back and this goes on
        }

        var after = RollingUpdate.OldSizes(wanted, unavailable, Count(current), before);
        for (var i = 0; i < old.Count; i++)
        {
            SetSize(deployment, old[i], after[i].Replicas);
        }
    }

    private JsonObject EnsureSet(JsonObject deployment, List<JsonObject> sets, JsonObject? current, int replicas)
    {
        var newest = sets.Count == 0 ? 0 : sets.Max(RevisionOf);
        if (current is null)
        {
            current = Create(deployment, newest + 1, replicas);
            newest++;
        }
        else if (RevisionOf(current) < newest)
        {
            newest++;
            current = Store.Update(IdOf(Resources.ReplicaSets, current), s =>
            {
                s.Metadata().Ensure("annotations")[Revision] = newest.ToString(CultureInfo.InvariantCulture);
                return s;
            });
        }

        var text = RevisionOf(current).ToString(CultureInfo.InvariantCulture);
        if (deployment.Text("metadata", "annotations", Revision) != text)
        {
            Store.Update(IdOf(Resources.Deployments, deployment), d =>
            {
                d.Metadata().Ensure("annotations")[Revision] = text;
                return d;
            });
        }

        return current;
    }

    private JsonObject Create(JsonObject deployment, long revision, int replicas)
    {
        for (var collisions = 0; ; collisions++)
        {
            var hash = ObjectNames.TemplateHash(deployment.At("spec", "template"), collisions);
            var template = deployment.At("spec", "template")?.DeepClone() as JsonObject ?? [];
            template.Ensure("metadata").Ensure("labels")[HashLabel] = hash;
            var selector = deployment.At("spec", "selector")?.DeepClone() as JsonObject ?? [];
            selector.Ensure("matchLabels")[HashLabel] = hash;
            var set = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["labels"] = template.At("metadata", "labels")?.DeepClone(),
                    ["annotations"] = new JsonObject
                    {
                        [Revision] = revision.ToString(CultureInfo.InvariantCulture),
                        ["deployment.kubernetes.io/desired-replicas"] = (deployment.Number("spec", "replicas") ?? 1).ToString(
                            CultureInfo.InvariantCulture
                        ),
                    },
                    ["ownerReferences"] = new JsonArray(PodFactory.Owner(deployment, Resources.Deployments, "Deployment")),
                },
                ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector, ["template"] = template },
                ["status"] = new JsonObject { ["replicas"] = 0 },
            };
            if (deployment.At("spec", "minReadySeconds") is { } seconds)
            {
                set.Ensure("spec")["minReadySeconds"] = seconds.DeepClone();
            }

            try
            {
                return Store.Create(new ResourceId(Resources.ReplicaSets, deployment.Namespace(), $"{deployment.Name()}-{hash}"), set);
            }
            catch (StoreException e) when (e.Status == 409)
            {
                Log.LogDebug("Replica set {Deployment}-{Hash} is someone else's; once more", deployment.Name(), hash);
            }
        }
    }

    private bool SetSize(JsonObject deployment, JsonObject set, int replicas)
    {
        var before = (int)(set.Number("spec", "replicas") ?? 1);
        if (before == replicas)
        {
            return false;
        }

        Store.Update(IdOf(Resources.ReplicaSets, set), s =>
        {
            s.Ensure("spec")["replicas"] = replicas;
            return s;
        });
        events.Normal(
            deployment, "Deployment", "ScalingReplicaSet",
            $"Scaled {(replicas > before ? "up" : "down")} replica set {set.Name()} from {before} to {replicas}");
        return true;
    }

    private void Clean(JsonObject deployment, List<JsonObject> old)
    {
        var limit = (int)(deployment.Number("spec", "revisionHistoryLimit") ?? 10);
        var empty = old.Where(s => s.Number("spec", "replicas") == 0 && (s.Number("status", "replicas") ?? 0) == 0).ToList();
        foreach (var set in empty.Take(Math.Max(0, old.Count - limit)))
        {
            Deletion.Begin(Store, IdOf(Resources.ReplicaSets, set), Time, set.Uid());
        }
    }
}

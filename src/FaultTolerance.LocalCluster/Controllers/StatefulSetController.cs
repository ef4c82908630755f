using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Admission;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>
/// Keeps a stateful set's pods, each with a number, a name and claims of its own: made in order, each after the one before is ready
/// (or all at once), taken away from the highest on, and renewed from the highest on.
/// </summary>
internal sealed class StatefulSetController(IObjectStore store, EventRecorder events, TimeProvider time, ILogger log)
    : Controller(store, time, log)
{
    private const string Kind = "StatefulSet";
    private const string RevisionLabel = "controller-revision-hash";

    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.StatefulSets, Resources.Pods];

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        if (Store.Get(id) is not { } set)
        {
            return;
        }

        var revision = $"{set.Name()}-{ObjectNames.TemplateHash(set.At("spec", "template"), 0)}";
        if (!set.IsDying())
        {
            Step(set, PodFactory.Owned(Store, set), revision);
        }

        WriteStatus(id, set, PodFactory.Owned(Store, set), revision);
    }

    /// <inheritdoc/>
    protected override void Changed(ResourceType type, StoreEvent change)
    {
        if (type == Resources.StatefulSets)
        {
            Enqueue(IdOf(type, change.Object));
        }
        else if (change.Object.ControllerOwner() is { } owner && owner.Text("kind") == Kind)
        {
            Enqueue(new ResourceId(Resources.StatefulSets, change.Object.Namespace(), owner.Text("name") ?? ""));
        }
    }

    private static int OrdinalOf(JsonObject pod) =>
        int.TryParse(pod.Name()[(pod.Name().LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal : -1;

    private static string NameOf(JsonObject set, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{set.Name()}-{ordinal}");

    private static bool IsHealthy(JsonObject? pod) => pod is not null && pod.IsReady() && !pod.IsDying();

    private void Step(JsonObject set, List<JsonObject> pods, string revision)
    {
        var first = (int)(set.Number("spec", "ordinals", "start") ?? 0);
        var beyond = first + (int)(set.Number("spec", "replicas") ?? 1);
        var inOrder = set.Text("spec", "podManagementPolicy") != "Parallel";
        var byOrdinal = pods.ToDictionary(OrdinalOf);

        foreach (var ended in pods.Where(pod => PodFactory.HasEnded(pod) && !pod.IsDying()))
        {
            Delete(set, ended);
        }

        for (var ordinal = first; ordinal < beyond; ordinal++)
        {
            if (byOrdinal.GetValueOrDefault(ordinal) is null)
            {
                Create(set, ordinal, revision);
            }

            if (inOrder && !IsHealthy(byOrdinal.GetValueOrDefault(ordinal)))
            {
                return;
            }
        }

        foreach (var extra in pods.Where(pod => OrdinalOf(pod) < first || OrdinalOf(pod) >= beyond).OrderByDescending(OrdinalOf))
        {
            if (!extra.IsDying())
            {
                Delete(set, extra);
            }

            if (inOrder)
            {
                return;
            }
        }

        if (set.Text("spec", "updateStrategy", "type") == "OnDelete")
        {
            return;
        }

        var partition = (int)(set.Number("spec", "updateStrategy", "rollingUpdate", "partition") ?? 0);
        for (var ordinal = beyond - 1; ordinal >= Math.Max(first, first + partition); ordinal--)
        {
            var pod = byOrdinal.GetValueOrDefault(ordinal);
            if (pod is not null && !pod.IsDying() && pod.Text("metadata", "labels", RevisionLabel) != revision)
            {
                Delete(set, pod);
                return;
            }

            if (!IsHealthy(pod))
            {
                return;
            }
        }
    }

    private void Create(JsonObject set, int ordinal, string revision)
    {
        var name = NameOf(set, ordinal);
        var pod = PodFactory.Of(set, Resources.StatefulSets, Kind);
        var labels = pod.Metadata().Ensure("labels");
        labels[RevisionLabel] = revision;
        labels["statefulset.kubernetes.io/pod-name"] = name;
        labels["apps.kubernetes.io/pod-index"] = ordinal.ToString(CultureInfo.InvariantCulture);
        var spec = pod.Ensure("spec");
        spec["hostname"] = name;
        if (set.Text("spec", "serviceName") is { Length: > 0 } service)
        {
            spec["subdomain"] = service;
        }

        foreach (var template in set.Maps("spec", "volumeClaimTemplates"))
        {
            Claim(set, template, spec, $"{template.Name()}-{name}");
        }

        PodFactory.Create(Store, set, pod, name);
        events.Normal(set, Kind, "SuccessfulCreate", $"create Pod {name} in StatefulSet {set.Name()} successful");
    }

    private void Claim(JsonObject set, JsonObject template, JsonObject spec, string name)
    {
        var id = new ResourceId(Resources.PersistentVolumeClaims, set.Namespace(), name);
        if (Store.Get(id) is null)
        {
            var claim = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = set.At("spec", "selector", "matchLabels")?.DeepClone() },
                ["spec"] = template["spec"]?.DeepClone(),
            };
            Defaults.ApplyClaim(claim);
            Store.Create(id, claim);
        }

        var volumes = spec.Items("volumes") ?? [];
        spec["volumes"] = volumes;
        volumes.RemoveAll(volume => volume.Text("name") == template.Name());
        volumes.Add((JsonNode)new JsonObject { ["name"] = template.Name(),
            ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = name } });
    }

    private void Delete(JsonObject set, JsonObject pod)
    {
        Deletion.Begin(Store, IdOf(Resources.Pods, pod), Time, pod.Uid());
        events.Normal(set, Kind, "SuccessfulDelete", $"delete Pod {pod.Name()} in StatefulSet {set.Name()} successful");
    }

    private void WriteStatus(ResourceId id, JsonObject set, List<JsonObject> pods, string revision)
    {
        var active = pods.Where(pod => !PodFactory.HasEnded(pod)).ToList();
        var ready = active.Count(IsHealthy);
        var updated = active.Count(pod => pod.Text("metadata", "labels", RevisionLabel) == revision && !pod.IsDying());
        var wanted = (int)(set.Number("spec", "replicas") ?? 1);
        Store.Update(id, o =>
        {
            if (o.Uid() != set.Uid())
            {
                return null;
            }

            var current = o.Text("status", "currentRevision") is { } known && !(updated == wanted && ready == wanted) ? known : revision;
            o["status"] = ReplicaSetController.Counts(
                o, ("replicas", active.Count), ("readyReplicas", ready), ("availableReplicas", ready), ("updatedReplicas", updated),
                ("currentReplicas", active.Count(pod => pod.Text("metadata", "labels", RevisionLabel) == current)));
            var status = o.Ensure("status");
            status["currentRevision"] = current;
            status["updateRevision"] = revision;
            status["collisionCount"] = 0;
            status["observedGeneration"] = set.Number("metadata", "generation");
            return o;
        });
    }
}

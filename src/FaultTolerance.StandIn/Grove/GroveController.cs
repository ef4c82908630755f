using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Grove;

/// <summary>
/// Stands in for Grove: a PodCliqueSet's scaling groups, cliques and pods are made what its spec says, each owned by what it is part of,
/// and their status what they are. Level-triggered: it looks, it does not remember.
/// </summary>
internal sealed class GroveController(KubernetesApi api, OperatorOptions options, ObjectCache sets, ConsoleLog log)
{
    private const string Target = "grove";

    /// <summary>Brings one set up to date. Throws what the API calls throw; the queue comes again.</summary>
    public async Task ReconcileAsync(string key, CancellationToken cancellation)
    {
        if (sets.Get(key) is not { } set || set.At("metadata", "deletionTimestamp") is not null)
        {
            // What it owned goes by its owner references.
            return;
        }

        var space = set.At("metadata", "namespace").Text()!;
        var pods = new CliquePods(api, options, space, log);
        var groups = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var (name, template) in WantedCliques.GroupsOf(set))
        {
            var spec = new JsonObject { ["replicas"] = template["replicas"]?.DeepClone(), ["cliqueNames"] = template["cliqueNames"]?.DeepClone() };
            groups[name] = await EnsureAsync(space, GroveNames.Groups, "PodCliqueScalingGroup", name, LabelsOf(set), spec, OwnerOf(set, "PodCliqueSet"), cancellation);
        }

        var states = new List<(WantedClique Clique, CliqueState State)>();
        foreach (var wanted in WantedCliques.Of(set))
        {
            var owner = wanted.Group is { } group ? OwnerOf(groups[group], "PodCliqueScalingGroup") : OwnerOf(set, "PodCliqueSet");
            var spec = (JsonObject)wanted.Template["spec"]!.DeepClone();
            var clique = await EnsureAsync(space, GroveNames.Cliques, "PodClique", wanted.Name, wanted.Labels(), spec, owner, cancellation);
            var state = await pods.MakeAsync(wanted, OwnerOf(clique, "PodClique"), cancellation);
            await StatusAsync(space, GroveNames.Cliques, clique, state.ToJson(), cancellation);
            states.Add((wanted, state));
        }

        foreach (var (name, group) in groups)
        {
            var replicas = states.Where(entry => entry.Clique.Group == name).GroupBy(entry => entry.Clique.GroupReplica).ToList();
            var status = GroupStatus(replicas.Select(replica => replica.Select(entry => entry.State)));
            await StatusAsync(space, GroveNames.Groups, group, status, cancellation);
        }

        await StatusAsync(space, GroveNames.Sets, set, GroupStatus([states.Select(entry => entry.State)]), cancellation);
        await PruneAsync(space, set, [.. states.Select(entry => entry.Clique.Name)], [.. groups.Keys], cancellation);
    }

    /// <summary>A replica of a group is available when each of its cliques has all its pods.</summary>
    private static JsonObject GroupStatus(IEnumerable<IEnumerable<CliqueState>> replicas)
    {
        var all = replicas.Select(replica => replica.ToList()).ToList();
        var available = all.Count(replica => replica.All(state => state.Ready == state.Wanted));
        return new()
        {
            ["replicas"] = all.Count,
            ["scheduledReplicas"] = all.Count,
            ["updatedReplicas"] = all.Count(replica => replica.All(state => state.Updated == state.Wanted && state.Replicas == state.Wanted)),
            ["readyReplicas"] = available,
            ["availableReplicas"] = available,
        };
    }

    private static JsonObject LabelsOf(JsonObject set)
    {
        var labels = (JsonObject)(set.At("metadata", "labels").Object() ?? []).DeepClone();
        labels[GroveNames.ManagedBy] = GroveNames.Manager;
        labels[GroveNames.PartOf] = set.At("metadata", "name").Text();
        return labels;
    }

    private static JsonObject OwnerOf(JsonObject item, string kind) => new()
    {
        ["apiVersion"] = GroveNames.ApiVersion,
        ["kind"] = kind,
        ["name"] = item.At("metadata", "name").Text(),
        ["uid"] = item.At("metadata", "uid").Text(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    private async Task<JsonObject> EnsureAsync(
        string space,
        string plural,
        string kind,
        string name,
        JsonObject labels,
        JsonObject spec,
        JsonObject owner,
        CancellationToken cancellation
    )
    {
        var collection = options.Collection(GroveNames.Api, plural, space);
        var body = new JsonObject
        {
            ["apiVersion"] = GroveNames.ApiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space, ["labels"] = labels, ["ownerReferences"] = new JsonArray(owner) },
            ["spec"] = spec,
        };
        if (await api.TryGetAsync($"{collection}/{name}", cancellation) is not { } live)
        {
            log.Info(Target, $"created {plural}/{name} in {space}");
            return await api.CreateAsync(collection, body, cancellation);
        }

        if (JsonNode.DeepEquals(live["spec"], spec) && JsonNode.DeepEquals(live.At("metadata", "labels"), labels))
        {
            return live;
        }

        body["metadata"]!["resourceVersion"] = live.At("metadata", "resourceVersion")?.DeepClone();
        return await api.ReplaceAsync($"{collection}/{name}", body, cancellation);
    }

    private async Task StatusAsync(string space, string plural, JsonObject item, JsonObject status, CancellationToken cancellation)
    {
        status["observedGeneration"] = item.At("metadata", "generation").Number() ?? 0;
        if (!JsonNode.DeepEquals(item["status"], status))
        {
            var path = $"{options.Collection(GroveNames.Api, plural, space)}/{item.At("metadata", "name").Text()}/status";
            await api.MergePatchAsync(path, new JsonObject { ["status"] = status }, cancellation);
        }
    }

    /// <summary>Deletes the cliques and groups that the set no longer has.</summary>
    private async Task PruneAsync(string space, JsonObject set, List<string> cliques, List<string> groups, CancellationToken cancellation)
    {
        var selector = Uri.EscapeDataString($"{GroveNames.PartOf}={set.At("metadata", "name").Text()}");
        foreach (var (plural, wanted) in ((string, List<string>)[])[(GroveNames.Cliques, cliques), (GroveNames.Groups, groups)])
        {
            var collection = options.Collection(GroveNames.Api, plural, space);
            var list = await api.GetAsync($"{collection}?labelSelector={selector}", cancellation);
            foreach (var name in (list["items"].Array() ?? []).Select(item => item.At("metadata", "name").Text()).OfType<string>().Except(wanted, StringComparer.Ordinal))
            {
                await api.DeleteAsync($"{collection}/{name}", cancellation);
                log.Info(Target, $"deleted {plural}/{name} in {space}");
            }
        }
    }
}

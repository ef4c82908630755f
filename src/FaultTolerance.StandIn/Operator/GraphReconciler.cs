using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Grove;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>
/// Makes the objects of a graph what its plan says, and its status what they are. Level-triggered: it looks, it does not remember.
/// </summary>
internal sealed class GraphReconciler(
    KubernetesApi api,
    OperatorOptions options,
    string graphGroup,
    ObjectCache graphs,
    ObjectCache deployments,
    GroveSide? grove,
    ConsoleLog log,
    TimeProvider time
)
{
    private readonly ConcurrentDictionary<string, (string Uid, long Generation)> _applied = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _failed = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether a graph's change asks for a reconcile: not where only its status is another, which this operator writes itself. A reconcile
    /// that fails would otherwise be tried again by its own word, and not after a pause.
    /// </summary>
    public static bool IsNews(JsonObject before, JsonObject after) =>
        ((string[])["uid", "generation", "deletionTimestamp"]).Any(field =>
            !JsonNode.DeepEquals(before.At("metadata", field), after.At("metadata", field))
        );

    /// <summary>Brings one graph up to date. Throws what the API calls throw; the queue comes again.</summary>
    public async Task ReconcileAsync(string key, CancellationToken cancellation)
    {
        if (graphs.Get(key) is not { } graph)
        {
            // Deleted: what it owned goes by its owner references.
            _applied.TryRemove(key, out _);
            return;
        }

        if (graph.At("metadata", "deletionTimestamp") is not null)
        {
            return;
        }

        GraphSpec spec;
        try
        {
            spec = GraphSpec.Read(graph, options);
            FailWhereAsked(graph, spec);
            await ApplyAsync(key, spec, cancellation);
        }
        catch (GraphException wrong)
        {
            await SetStatusAsync(graph, GraphStatus.Failed(graph, wrong.Message, time.GetUtcNow()), cancellation);
            return;
        }
        catch (Exception failure) when (failure is KubernetesException or HttpRequestException or IOException)
        {
            // As upstream's operator: every reconcile that errs says failed, and is tried again.
            await SetStatusAsync(graph, GraphStatus.Failed(graph, failure.Message, time.GetUtcNow()), cancellation);
            throw;
        }

        await SetStatusAsync(
            graph,
            grove is not null && spec.UsesGrove(options)
                ? GraphStatus.Of(graph, spec, service => grove.ComponentOf(spec, service), time.GetUtcNow())
                : GraphStatus.Of(graph, spec, name => deployments.Get($"{spec.Namespace}/{name}"), time.GetUtcNow()),
            cancellation
        );
    }

    private void FailWhereAsked(JsonObject graph, GraphSpec spec)
    {
        var asked =
            spec.Variable("STANDIN_RECONCILE_ERRORS") is { } text
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var own)
                ? own
                : options.FailFirst;
        var uid = graph.At("metadata", "uid").Text() ?? "";
        if (asked > _failed.GetValueOrDefault(uid))
        {
            _failed.AddOrUpdate(uid, 1, static (_, before) => before + 1);
            throw new KubernetesException(
                HttpStatusCode.Conflict,
                $"Operation cannot be fulfilled on dynamographdeployments.nvidia.com \"{spec.Name}\": the object has been modified; "
                + "please apply your changes to the latest version and try again");
        }
    }

    /// <summary>Forgets what was applied, so that the next round looks at every object again.</summary>
    public void ForgetApplied() => _applied.Clear();

    private async Task ApplyAsync(string key, GraphSpec spec, CancellationToken cancellation)
    {
        var plan = GraphPlan.Of(spec, options);
        await PruneAsync(spec, cancellation);
        var asPlanned = plan.All(planned => CacheOf(planned) is not { } cache
            || (cache.Get($"{spec.Namespace}/{planned.Name}") is { } live && IsAsPlanned(planned, live)));
        if (asPlanned && _applied.TryGetValue(key, out var applied) && applied == (spec.Uid, spec.Generation))
        {
            return;
        }

        foreach (var planned in plan)
        {
            await ApplyAsync(spec, planned, cancellation);
        }

        _applied[key] = (spec.Uid, spec.Generation);
    }

    private ObjectCache? CacheOf(PlannedObject planned) =>
        planned.Plural == "deployments" ? deployments : planned.Plural == GroveNames.Sets ? grove?.Sets : null;

    private static bool IsAsPlanned(PlannedObject planned, JsonObject live) =>
        live.At("metadata", "annotations", GraphPlan.HashAnnotation).Text()
            == planned.Body.At("metadata", "annotations", GraphPlan.HashAnnotation).Text()
        && live.At("spec", "replicas").Number() == planned.Body.At("spec", "replicas").Number();

    private async Task ApplyAsync(GraphSpec spec, PlannedObject planned, CancellationToken cancellation)
    {
        var collection = options.Collection(planned.Group, planned.Plural, spec.Namespace);
        var path = $"{collection}/{planned.Name}";
        var live = await api.TryGetAsync(path, cancellation);
        if (live is null)
        {
            try
            {
                await api.CreateAsync(collection, planned.Body, cancellation);
                log.Info(OperatorProgram.Target, $"created {planned.Plural}/{planned.Name} in {spec.Namespace}{LeftOutOf(planned)}");
            }
            catch (KubernetesException absent) when (absent.Status == HttpStatusCode.NotFound && planned.Group == GraphPlan.Rbac)
            {
                log.Warn(OperatorProgram.Target, $"the cluster has no {planned.Plural}; going on without");
            }

            return;
        }

        if (live.At("metadata", "ownerReferences").Array()?.OfType<JsonObject>().Any(owner => owner["uid"].Text() == spec.Uid) != true)
        {
            throw new KubernetesException(
                HttpStatusCode.Conflict,
                $"{planned.Plural}/{planned.Name} is there and belongs to something else, or to an earlier graph that is still being deleted"
            );
        }

        if (IsAsPlanned(planned, live))
        {
            return;
        }

        var body = (JsonObject)planned.Body.DeepClone();
        body["metadata"]!["resourceVersion"] = live.At("metadata", "resourceVersion")?.DeepClone();
        if (planned.Plural == "services")
        {
            body["spec"]!["clusterIP"] = live.At("spec", "clusterIP")?.DeepClone();
        }

        await api.ReplaceAsync(path, body, cancellation);
        log.Info(OperatorProgram.Target, $"updated {planned.Plural}/{planned.Name} in {spec.Namespace}");
    }

    /// <summary>Deletes the Deployments and Services of services that the graph no longer has.</summary>
    private async Task PruneAsync(GraphSpec spec, CancellationToken cancellation)
    {
        var wanted = (spec.UsesGrove(options) ? [] : spec.Services).Select(service => $"{spec.Namespace}/{service.ObjectName}").ToHashSet(StringComparer.Ordinal);
        foreach (var key in deployments.Keys.Where(key => !wanted.Contains(key)).ToList())
        {
            if (deployments.Get(key) is not { } live
                || live.At("metadata", "deletionTimestamp") is not null
                || live.At("metadata", "ownerReferences").Array()?.OfType<JsonObject>().Any(owner => owner["uid"].Text() == spec.Uid)
                    != true
            )
            {
                continue;
            }

            var name = live.At("metadata", "name").Text()!;
            foreach (var (group, plural) in ((string, string)[])[(GraphPlan.Apps, "deployments"), (GraphPlan.Core, "services")])
            {
                if (plural == "services" && spec.Services.Any(service => service.ObjectName == name))
                {
                    continue;
                }

                try
                {
                    await api.DeleteAsync($"{options.Collection(group, plural, spec.Namespace)}/{name}", cancellation);
                    log.Info(OperatorProgram.Target, $"deleted {plural}/{name} in {spec.Namespace}");
                }
                catch (KubernetesException gone) when (gone.Status == HttpStatusCode.NotFound)
                {
                    // Someone was quicker.
                }
            }
        }
    }

    private static string LeftOutOf(PlannedObject planned) =>
        planned.Body.At("metadata", "annotations", GraphPlan.LeftOutAnnotation).Text() is { } left ? $", left out: {left}" : "";

    private async Task SetStatusAsync(JsonObject graph, JsonObject status, CancellationToken cancellation)
    {
        if (JsonNode.DeepEquals(graph["status"], status))
        {
            return;
        }

        var name = graph.At("metadata", "name").Text()!;
        var path = $"{options.Collection(graphGroup, "dynamographdeployments", graph.At("metadata", "namespace").Text())}/{name}/status";
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = graph.At("metadata", "uid")?.DeepClone() },
            ["status"] = status,
        };
        try
        {
            await api.MergePatchAsync(path, body, cancellation);
        }
        catch (KubernetesException gone) when (gone.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Deleted, or deleted and made anew: the watch tells, and the new one has its own turn.
            return;
        }

        log.Info(OperatorProgram.Target, $"{name}: {status["state"]}, {status["conditions"]![0]!["message"]}");
    }
}

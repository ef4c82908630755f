using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>The status of a graph from the status of its Deployments. Pure, but for the time of a transition that is passed in.</summary>
internal static class GraphStatus
{
    /// <summary>Status of a graph that can be deployed. <paramref name="deployment"/> gives the live Deployment by name, or null.</summary>
    public static JsonObject Of(JsonObject graph, GraphSpec spec, Func<string, JsonObject?> deployment, DateTimeOffset now) =>
        Of(graph, spec, service => ("Deployment", service.ObjectName, deployment(service.ObjectName)), now);

    /// <summary>As the other one; <paramref name="component"/> says what a service's pods are made by, and how that stands.</summary>
    public static JsonObject Of(
        JsonObject graph,
        GraphSpec spec,
        Func<ServiceSpec, (string Kind, string Name, JsonObject? Live)> component,
        DateTimeOffset now
    )
    {
        var services = new JsonObject();
        var missing = 0;
        var notReady = new List<string>();
        foreach (var service in spec.Services)
        {
            var (kind, name, live) = component(service);
            missing += live is null ? 1 : 0;
            if (!IsReady(live, service.Replicas))
            {
                notReady.Add(service.Name);
            }

            services[service.Name] = ServiceStatus(kind, name, live);
        }

        var ready = notReady.Count == 0;
        var state =
            ready ? "successful"
            : missing == spec.Services.Length && graph["status"].At("state") is null ? "initializing"
            : "pending";
        var (reason, message) = ready
            ? ("all_resources_are_ready", "All resources are ready")
            : ("some_resources_are_not_ready", $"Resources not ready: {string.Join(", ", notReady)}");
        return With(graph, state, ready, reason, message, services, spec.Generation, now);
    }

    /// <summary>
    /// Status after a reconcile that failed: state and condition say so, the counts stay the last good ones, and the generation that was
    /// last reconciled stays what it was.
    /// </summary>
    public static JsonObject Failed(JsonObject graph, string message, DateTimeOffset now) =>
        With(
            graph,
            "failed",
            ready: false,
            "failed_to_reconcile_the_resources",
            message,
            graph.At("status", CountsOf(graph))?.DeepClone() as JsonObject,
            graph.At("status", "observedGeneration").Number(),
            now
        );

    /// <summary>Whether every pod of the newest template is ready and no older one is left, as `kubectl rollout status` asks.</summary>
    private static bool IsReady(JsonObject? live, long replicas) =>
        live is not null
        && (live.At("status", "observedGeneration").Number() ?? 0) >= (live.At("metadata", "generation").Number() ?? 0)
        && (live.At("spec", "replicas").Number() ?? 1) == replicas
        && (live.At("status", "replicas").Number() ?? 0) == replicas
        && (live.At("status", "updatedReplicas").Number() ?? 0) == replicas
        && (live.At("status", "readyReplicas").Number() ?? 0) == replicas
        && (live.At("status", "availableReplicas").Number() ?? 0) == replicas;

    private static JsonObject ServiceStatus(string kind, string name, JsonObject? live) => new()
    {
        ["componentKind"] = kind,
        ["componentName"] = name,
        ["replicas"] = live.At("status", "replicas").Number() ?? 0,
        ["updatedReplicas"] = live.At("status", "updatedReplicas").Number() ?? 0,
        ["readyReplicas"] = live.At("status", "readyReplicas").Number() ?? 0,
        ["availableReplicas"] = live.At("status", "availableReplicas").Number() ?? 0,
    };

    /// <summary>v1beta1 names the map after its spec.components.</summary>
    private static string CountsOf(JsonObject graph) => graph.At("spec", "components") is null ? "services" : "components";

    private static JsonObject With(
        JsonObject graph,
        string state,
        bool ready,
        string reason,
        string message,
        JsonObject? services,
        long? generation,
        DateTimeOffset now
    )
    {
        var value = ready ? "True" : "False";
        var before = graph["status"]
            .At("conditions")
            .Array()
            ?.OfType<JsonObject>()
            .FirstOrDefault(condition => condition["type"].Text() == "Ready");
        var since = before is not null && before["status"].Text() == value ? before["lastTransitionTime"].Text() : null;
        var status = new JsonObject
        {
            ["state"] = state,
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = value,
                ["reason"] = reason,
                ["message"] = message,
                ["observedGeneration"] = generation ?? 0,
                ["lastTransitionTime"] = since ?? now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
            }),
        };
        if (generation is not null)
        {
            status["observedGeneration"] = generation;
        }

        if (services is not null)
        {
            status[CountsOf(graph)] = services;
        }

        return status;
    }
}

using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>The pod of a service: what the graph says, over the defaults that upstream's operator has.</summary>
internal static class PodTemplate
{
    public const int HttpPort = 8000;
    public const int SystemPort = 9090;
    private const int UserId = 65532;
    private const int TerminationGraceSeconds = 60;

    /// <summary>Labels of the service's objects and pods.</summary>
    public static JsonObject Labels(GraphSpec graph, ServiceSpec service)
    {
        var labels = new JsonObject
        {
            [GraphLabels.Selector] = service.ObjectName,
            [GraphLabels.Graph] = graph.Name,
            [GraphLabels.Component] = service.Name,
            [GraphLabels.ComponentType] = service.Type,
            [GraphLabels.DynamoNamespace] = GraphLabels.ValueOf(service.DynamoNamespace),
            [GraphLabels.MetricsEnabled] = "true",
        };
        if (service.SubType is not null)
        {
            labels[GraphLabels.SubComponentType] = service.SubType;
        }

        return labels;
    }

    public static JsonObject Of(GraphSpec graph, ServiceSpec service, OperatorOptions options)
    {
        var labels = (JsonObject)(service.PodMetadata["labels"].Object() ?? []).DeepClone();
        labels.Merge(Labels(graph, service));
        var metadata = new JsonObject { ["labels"] = labels };
        if (service.PodMetadata["annotations"] is JsonObject annotations)
        {
            metadata["annotations"] = annotations.DeepClone();
        }

        // Only the frontend speaks to the API server.
        var spec = new JsonObject
        {
            ["terminationGracePeriodSeconds"] = TerminationGraceSeconds,
            ["serviceAccountName"] = service.IsFrontend ? GraphPlan.AccountName(graph) : "default",
            ["automountServiceAccountToken"] = service.IsFrontend,
        };
        spec.Merge(service.Pod);
        spec["containers"] = new JsonArray([Container(graph, service, options), .. (service.Pod["containers"].Array() ?? []).Select(other => other?.DeepClone())]);
        return new() { ["metadata"] = metadata, ["spec"] = spec };
    }

    private static JsonObject Container(GraphSpec graph, ServiceSpec service, OperatorOptions options)
    {
        var container = new JsonObject
        {
            ["name"] = "main",
            ["imagePullPolicy"] = "IfNotPresent",
            ["ports"] = service.IsFrontend ? new JsonArray(Port("http", HttpPort)) : new JsonArray(Port("system", SystemPort)),
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["readOnlyRootFilesystem"] = true,
                ["runAsNonRoot"] = true,
                ["runAsUser"] = UserId,
            },
        };
        if (service.IsFrontend)
        {
            container["command"] = new JsonArray("python3", "-m", "dynamo.frontend");
        }

        // A probe that the graph gives replaces the default as a whole; merged, its handler and the default's would stand side by side.
        foreach (var (name, probe) in service.IsFrontend ? Probes.Frontend() : Probes.Worker())
        {
            if (!service.Main.ContainsKey(name))
            {
                container[name] = probe;
            }
        }

        container.Merge(service.Main);
        container["name"] = "main";
        container["env"] = Environment(graph, service);
        if (options.GpuLimits && service.GpuLimit is { } gpus)
        {
            container.Merge(new JsonObject { ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["nvidia.com/gpu"] = gpus } } });
        }

        return container;
    }

    private static JsonObject Port(string name, int number) => new() { ["name"] = name, ["containerPort"] = number, ["protocol"] = "TCP" };

    private static JsonArray Environment(GraphSpec graph, ServiceSpec service)
    {
        List<JsonObject> defaults =
        [
            Field("POD_NAME", "metadata.name"), Field("POD_NAMESPACE", "metadata.namespace"), Field("POD_UID", "metadata.uid"), Field("POD_IP", "status.podIP"),
            Value("DYN_NAMESPACE", service.DynamoNamespace), Value("DYN_COMPONENT", service.Name),
            Value("DYN_PARENT_DGD_K8S_NAME", graph.Name), Value("DYN_PARENT_DGD_K8S_NAMESPACE", graph.Namespace),
            // A read-only root file system has no place for the runtime's diagnostic socket.
            Value("DOTNET_EnableDiagnostics", "0"),
            .. service.IsFrontend
                ? (JsonObject[])[Value("DYNAMO_PORT", $"{HttpPort}"), Value("DYN_HTTP_PORT", $"{HttpPort}")]
                : [Value("DYN_SYSTEM_ENABLED", "true"), Value("DYN_SYSTEM_PORT", $"{SystemPort}"), Value("DYN_SYSTEM_USE_ENDPOINT_HEALTH_STATUS", "[\"generate\"]")],
        ];
        var all = new List<JsonObject>();
        foreach (var variable in defaults.Concat(service.Envs).Concat((service.Main["env"].Array() ?? []).OfType<JsonObject>()))
        {
            // A later one takes the place of an earlier one of the same name.
            var known = all.FindIndex(earlier => earlier["name"].Text() == variable["name"].Text());
            if (known < 0)
            {
                all.Add((JsonObject)variable.DeepClone());
            }
            else
            {
                all[known] = (JsonObject)variable.DeepClone();
            }
        }

        return new JsonArray([.. all]);
    }

    private static JsonObject Value(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Field(string name, string path) =>
        new() { ["name"] = name, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = path } } };
}

using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>The pod of a service: what the graph says, over the defaults that upstream's operator has.</summary>
internal static class PodTemplate
{
    public const int HttpPort = 8000;
    public const int SystemPort = 9090;
    private const int UserId = 65532;

    /// <summary>Labels of the service's objects and pods.</summary>
    public static JsonObject Labels(GraphSpec graph, ServiceSpec service, OperatorOptions options)
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

        if (service.IsToday(options))
        {
            labels.Merge(TodayPod.Labels(graph, service));
        }

        return labels;
    }

    /// <summary>The template, and what of the graph's pod it leaves out.</summary>
    public static (JsonObject Template, IReadOnlyList<string> LeftOut) Of(GraphSpec graph, ServiceSpec service, OperatorOptions options)
    {
        var labels = (JsonObject)(service.PodMetadata["labels"].Object() ?? []).DeepClone();
        labels.Merge(Labels(graph, service, options));
        var metadata = new JsonObject { ["labels"] = labels };
        if (service.PodMetadata["annotations"] is JsonObject annotations)
        {
            metadata["annotations"] = annotations.DeepClone();
        }

        // In September 2025 only the frontend spoke to the API server, and the planner always did; today every worker writes its card
        // there.
        var today = service.IsToday(options);
        var speaks = today || service.IsFrontend || service.IsPlanner;
        var spec = new JsonObject
        {
            ["terminationGracePeriodSeconds"] = today ? TodayPod.GraceSeconds(service) : TodayPod.UsualGraceSeconds,
            ["serviceAccountName"] = speaks ? GraphPlan.AccountName(graph) : "default",
            ["automountServiceAccountToken"] = speaks,
        };
        spec.Merge(service.Pod);
        var main = Container(graph, service, options);
        var others = (service.Pod["containers"].Array() ?? []).Select(other => Other(graph, service, other?.DeepClone(), options));
        spec["containers"] = new JsonArray([.. service.Engines > 0 ? TodayPod.Engines(main, service.Engines) : [main], .. others]);
        LeftOut.MakeSecretsOptional(spec);
        List<string> left = [];
        if (!options.GpuLimits)
        {
            left =
            [
                .. service.GpuLimit is { } gpus ? [$"main: resources.limits nvidia.com/gpu {gpus}"] : Array.Empty<string>(),
                .. LeftOut.Of(spec),
            ];
        }

        return (new() { ["metadata"] = metadata, ["spec"] = spec }, left);
    }

    private static JsonObject Container(GraphSpec graph, ServiceSpec service, OperatorOptions options)
    {
        var today = service.IsToday(options);
        var container = new JsonObject
        {
            ["name"] = "main",
            ["imagePullPolicy"] = "IfNotPresent",
            ["ports"] =
                today ? TodayPod.Ports(service)
                : service.IsFrontend ? new JsonArray(Port("http", HttpPort))
                : new JsonArray(Port("system", SystemPort)),
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
            container["command"] = today ? new JsonArray("python3") : new JsonArray("python3", "-m", "dynamo.frontend");
            if (today)
            {
                container["args"] = new JsonArray("-m", "dynamo.frontend");
            }
        }

        // A probe that the graph gives replaces the default as a whole; merged, its handler and the default's would stand side by side.
        foreach (var (name, probe) in Probes.Of(service, today))
        {
            if (!service.Main.ContainsKey(name))
            {
                container[name] = probe;
            }
        }

        container.Merge(service.Main);
        container["name"] = "main";
        container["env"] = PodEnvironment.Of(graph, service, service.Main["env"].Array(), service.IsFrontend, today);
        if (options.GpuLimits && service.GpuLimit is { } gpus)
        {
            container.Merge(
                new JsonObject { ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["nvidia.com/gpu"] = gpus } } }
            );
        }

        return container;
    }

    /// <summary>A container beside main as the graph has it; one that is a frontend gets a frontend's variables.</summary>
    private static JsonNode? Other(GraphSpec graph, ServiceSpec service, JsonNode? other, OperatorOptions options)
    {
        if (other is JsonObject container && service.FrontendSidecar is { } sidecar && container["name"].Text() == sidecar)
        {
            container["env"] = PodEnvironment.Of(graph, service, container["env"].Array(), frontend: true, service.IsToday(options));
        }
        else if (other is JsonObject beside && service.IsWorker)
        {
            // An engine beside its sidecar listens at the pod's address, and takes the graph's times.
            beside["env"] = PodEnvironment.Beside(service, beside["env"].Array());
        }

        return other;
    }

    internal static JsonObject Port(string name, int number) => new() { ["name"] = name, ["containerPort"] = number, ["protocol"] = "TCP" };
}

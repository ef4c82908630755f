using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>What the operator of July 2026 gives a pod beyond that of September 2025.</summary>
internal static class TodayPod
{
    public const int UsualGraceSeconds = 60;
    private const int PickerGraceSeconds = 130;
    private const int MetricsPort = 9085;
    private const int TransferPort = 19090;
    private const int PickerPort = 9002;
    private const int HashDigits = 8;

    /// <summary>How long a pod may drain.</summary>
    public static int GraceSeconds(ServiceSpec service) => service.Type == "epp" ? PickerGraceSeconds : UsualGraceSeconds;

    /// <summary>Labels by which discovery finds the service's endpoints, and which version of its workers they are.</summary>
    public static JsonObject Labels(GraphSpec graph, ServiceSpec service)
    {
        var labels = new JsonObject { [GraphLabels.DiscoveryBackend] = "kubernetes", [GraphLabels.DiscoveryEnabled] = "true" };
        if (service.IsWorker)
        {
            labels[GraphLabels.WorkerHash] = WorkerHash(graph);
            if (graph.Services.Any(other => other.Type == "epp"))
            {
                labels[GraphLabels.ComponentClass] = "worker";
            }
        }

        return labels;
    }

    public static JsonArray Ports(ServiceSpec service) => service.Type switch
    {
        "frontend" => new(PodTemplate.Port("http", PodTemplate.HttpPort)),
        "planner" => new(PodTemplate.Port("metrics", MetricsPort), PodTemplate.Port("system", PodTemplate.SystemPort)),
        "epp" => new(PodTemplate.Port("grpc", PickerPort)),
        _ => new(PodTemplate.Port("system", PodTemplate.SystemPort), PodTemplate.Port("nixl", TransferPort)),
    };

    public static JsonObject[] Variables(GraphSpec graph, ServiceSpec service, bool frontend) =>
        frontend
            ?
            [
                PodEnvironment.Value("DYN_DISCOVERY_BACKEND", "kubernetes"),
                PodEnvironment.Value("DYN_NAMESPACE_PREFIX", service.DynamoNamespace),
            ]
            :
            [
                PodEnvironment.Value("DYN_DISCOVERY_BACKEND", "kubernetes"),
                PodEnvironment.Value("DYN_HEALTH_CHECK_ENABLED", "false"),
                PodEnvironment.Value("NIXL_TELEMETRY_ENABLE", "n"),
                PodEnvironment.Value("DYN_FORWARDPASS_METRIC_PORT", "20380"),
                .. service.IsWorker
                    ? [PodEnvironment.Value("DYN_NAMESPACE_WORKER_SUFFIX", WorkerHash(graph))]
                    : Array.Empty<JsonObject>(),
            ];

    /// <summary>Engines of a failover pod: the same container several times, each with its number and a system port of its own.</summary>
    public static IEnumerable<JsonObject> Engines(JsonObject main, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var port = PodTemplate.SystemPort + number;
            var engine = (JsonObject)main.DeepClone();
            engine["name"] = $"engine-{number}";
            engine["ports"] = new JsonArray(PodTemplate.Port($"system-{number}", port));
            foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
            {
                if (engine.At(probe, "httpGet", "port").Number() == PodTemplate.SystemPort)
                {
                    engine[probe]!["httpGet"]!["port"] = port;
                }
            }

            var variables = (JsonArray)engine["env"]!;
            if (variables.FirstOrDefault(variable => variable.At("name").Text() == "DYN_SYSTEM_PORT") is JsonObject known)
            {
                known["value"] = $"{port}";
            }

            variables.Add((JsonNode)PodEnvironment.Value("ENGINE_ID", $"{number}"));
            yield return engine;
        }
    }

    /// <summary>
    /// Changes with what the graph's workers are made of, and not with their number. One for all of them: decode and prefill workers find
    /// each other by it.
    /// </summary>
    private static string WorkerHash(GraphSpec graph)
    {
        var text = string.Concat(graph.Services.Where(service => service.IsWorker).Select(service =>
            $"{service.Name}{service.Main.ToJsonString()}{service.Pod.ToJsonString()}{string.Concat(service.Envs.Select(variable => variable.ToJsonString()))}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits];
    }
}

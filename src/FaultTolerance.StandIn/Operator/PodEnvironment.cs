using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>The variables of a graph's container: the operator's, then the graph's, the service's and the container's own.</summary>
internal static class PodEnvironment
{
    public static JsonArray Of(GraphSpec graph, ServiceSpec service, JsonArray? own, bool frontend, bool today)
    {
        List<JsonObject> defaults =
        [
            Field("POD_NAME", "metadata.name"),
            Field("POD_NAMESPACE", "metadata.namespace"),
            Field("POD_UID", "metadata.uid"),
            Field("POD_IP", "status.podIP"),
            Value("DYN_NAMESPACE", service.DynamoNamespace),
            Value("DYN_COMPONENT", service.Name),
            Value("DYN_PARENT_DGD_K8S_NAME", graph.Name),
            Value("DYN_PARENT_DGD_K8S_NAMESPACE", graph.Namespace),
            // A read-only root file system has no place for the runtime's diagnostic socket.
            Value("DOTNET_EnableDiagnostics", "0"),
            .. frontend
                ? (JsonObject[])[Value("DYNAMO_PORT", $"{PodTemplate.HttpPort}"), Value("DYN_HTTP_PORT", $"{PodTemplate.HttpPort}")]
                :
                [
                    Value("DYN_SYSTEM_ENABLED", "true"), Value("DYN_SYSTEM_PORT", $"{PodTemplate.SystemPort}"),
                    // Without it a real mocker's /health never says ready.
                    Value("DYN_SYSTEM_USE_ENDPOINT_HEALTH_STATUS", "[\"generate\"]"),
                ],
            .. today ? TodayPod.Variables(graph, service, frontend) : [],
        ];
        return Joined(defaults.Concat(service.Envs), own);
    }

    /// <summary>
    /// Of a container beside the component's own, where a stand-in may run: the pod's address, and what the graph tells stand-ins.
    /// </summary>
    public static JsonArray Beside(ServiceSpec service, JsonArray? own) => Joined(
        service.Envs.Where(variable => variable["name"].Text()?.StartsWith("STANDIN_", StringComparison.Ordinal) == true)
            .Prepend(Field("POD_IP", "status.podIP")).Prepend(Field("POD_NAME", "metadata.name")),
        own);

    private static JsonArray Joined(IEnumerable<JsonObject> given, JsonArray? own)
    {
        var all = new List<JsonObject>();
        foreach (var variable in given.Concat((own ?? []).OfType<JsonObject>()))
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

    /// <summary>A variable with a value.</summary>
    public static JsonObject Value(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Field(string name, string path) =>
        new()
        {
            ["name"] = name,
            ["valueFrom"] = new JsonObject
            {
                ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = path },
            },
        };
}

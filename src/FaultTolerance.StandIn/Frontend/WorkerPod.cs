using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>A pod that runs a worker of the graph and has an address.</summary>
/// <param name="Name">The pod's name.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="Address">Its address.</param>
/// <param name="Role">What its worker does.</param>
/// <param name="Ready">Whether it is a ready endpoint: Ready, and not being deleted.</param>
internal sealed record WorkerPod(string Name, string Uid, IPAddress Address, WorkerRole Role, bool Ready)
{
    /// <summary>
    /// Reads a pod; null for one that is no worker, has no address yet, has ended or, unless <paramref name="drains"/>, is being deleted.
    /// Readiness does not decide: a worker tells it itself, sooner than the kubelet's probe.
    /// </summary>
    public static WorkerPod? TryRead(JsonObject pod, bool drains)
    {
        var metadata = pod["metadata"];
        var labels = metadata?["labels"];
        var status = pod["status"];
        var deleted = metadata?["deletionTimestamp"] is not null;
        if ((deleted && !drains)
            || Text(status?["phase"]) is "Succeeded" or "Failed"
            || !IPAddress.TryParse(Text(status?["podIP"]), out var address)
            || RoleOf(labels) is not { } role)
        {
            return null;
        }

        return new(Text(metadata?["name"]) ?? "", Text(metadata?["uid"]) ?? "", address, role, !deleted && IsReady(status));
    }

    private static bool IsReady(JsonNode? status) =>
        status?["conditions"] is JsonArray conditions
        && conditions.Any(condition => Text(condition?["type"]) == "Ready" && Text(condition?["status"]) == "True");

    private static WorkerRole? RoleOf(JsonNode? labels) =>
        (Text(labels?[GraphLabels.ComponentType]), Text(labels?[GraphLabels.SubComponentType]), Text(labels?[GraphLabels.PlainRole])) switch
        {
            ("frontend" or "planner" or "epp", _, _) => null,
            ("prefill", _, _) or (not null, "prefill", _) or (null, _, "prefill") => WorkerRole.Prefill,
            // Whatever else a component is called by its type, it works: "main" in two shipped graphs.
            (not null, _, _) or (null, _, "decode" or "worker") => WorkerRole.Decode,
            _ => null,
        };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

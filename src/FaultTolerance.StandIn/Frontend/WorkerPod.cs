using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>A pod that runs a worker of the graph and has an address.</summary>
internal sealed record WorkerPod(string Name, string Uid, IPAddress Address, WorkerRole Role)
{
    /// <summary>
    /// Reads a pod; null for one that is no worker, has no address yet, has ended or is being deleted. Readiness is not asked for:
    /// a worker tells it itself, sooner than the kubelet's probe.
    /// </summary>
    public static WorkerPod? TryRead(JsonObject pod)
    {
        var metadata = pod["metadata"];
        var labels = metadata?["labels"];
        var status = pod["status"];
        if (metadata?["deletionTimestamp"] is not null
            || Text(status?["phase"]) is "Succeeded" or "Failed"
            || !IPAddress.TryParse(Text(status?["podIP"]), out var address)
            || RoleOf(labels) is not { } role)
        {
            return null;
        }

        return new(Text(metadata?["name"]) ?? "", Text(metadata?["uid"]) ?? "", address, role);
    }

    private static WorkerRole? RoleOf(JsonNode? labels) => (Text(labels?[GraphLabels.ComponentType]), Text(labels?[GraphLabels.SubComponentType]), Text(labels?[GraphLabels.PlainRole])) switch
    {
        ("worker" or "prefill", "prefill", _) or ("prefill", _, _) or (null, _, "prefill") => WorkerRole.Prefill,
        ("worker" or "decode", _, _) or (null, _, "decode" or "worker") => WorkerRole.Decode,
        _ => null,
    };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

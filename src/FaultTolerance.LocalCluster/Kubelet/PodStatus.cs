using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>Computes a pod's <c>status</c> out of its containers, by the kubelet's rules.</summary>
internal static class PodStatus
{
    /// <summary>Writes phase, conditions and container states into <paramref name="pod"/>.</summary>
    /// <param name="pod">The stored pod, changed in place.</param>
    /// <param name="ip">Its address.</param>
    /// <param name="startTime">When the kubelet took it up.</param>
    /// <param name="init">Its init containers.</param>
    /// <param name="main">Its containers.</param>
    /// <param name="now">Stamps what changed.</param>
    public static void Apply(
        JsonObject pod,
        string ip,
        DateTimeOffset startTime,
        IReadOnlyList<ContainerStatus> init,
        IReadOnlyList<ContainerStatus> main,
        DateTimeOffset now
    )
    {
        var status = pod.Ensure("status");
        status["phase"] = Phase(init, main);
        status["hostIP"] = "127.0.0.1";
        status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = "127.0.0.1" });
        status["podIP"] = ip;
        status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = ip });
        status["startTime"] ??= Stamp.Of(startTime);
        status["qosClass"] ??= "BestEffort";
        if (init.Count > 0)
        {
            status["initContainerStatuses"] = new JsonArray([.. init.Select(c => (JsonNode)c.ToJson())]);
        }

        status["containerStatuses"] = new JsonArray([.. main.Select(c => (JsonNode)c.ToJson())]);

        var waiting = init.Where(c => c.ExitCode != 0).Select(c => c.Name).ToList();
        Conditions.Set(
            status, "Initialized", waiting.Count == 0, waiting.Count == 0 ? null : "ContainersNotInitialized",
            waiting.Count == 0 ? null : $"containers with incomplete status: [{string.Join(' ', waiting)}]", now);

        var done = status.Text("phase") is "Succeeded";
        var unready = main.Where(c => !c.Ready).Select(c => c.Name).ToList();
        var reason = unready.Count == 0 ? null : done ? "PodCompleted" : "ContainersNotReady";
        var message = unready.Count == 0 || done ? null : $"containers with unready status: [{string.Join(' ', unready)}]";
        Conditions.Set(status, "ContainersReady", unready.Count == 0, reason, message, now);
        Conditions.Set(status, "Ready", unready.Count == 0, reason, message, now);
    }

    /// <summary>The phase: Pending until every container has been started once; Succeeded or Failed when all have ended for good.</summary>
    public static string Phase(IReadOnlyList<ContainerStatus> init, IReadOnlyList<ContainerStatus> main)
    {
        if (init.Any(c => c.IsFinal && c.ExitCode is not 0))
        {
            return "Failed";
        }

        if (init.Any(c => c.ExitCode != 0) || main.Any(c => c.ContainerId is null))
        {
            return "Pending";
        }

        return main.All(c => c.IsFinal) ? main.All(c => c.ExitCode == 0) ? "Succeeded" : "Failed" : "Running";
    }
}

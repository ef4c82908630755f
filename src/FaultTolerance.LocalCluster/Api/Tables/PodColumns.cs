using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Tables;

/// <summary>The columns of pods; the status is the most telling of phase, reasons of containers and deletion.</summary>
internal static class PodColumns
{
    /// <summary>Ready, status, restarts, age; with -o wide address, node and gates.</summary>
    public static IReadOnlyList<Column> All { get; } =
    [
        new("Ready", "string", 0, (pod, _) =>
            $"{Statuses(pod).Count(status => status.IsTrue("ready"))}/{pod.Maps("spec", "containers").Count()}"),
        new("Status", "string", 0, (pod, _) => StatusOf(pod)),
        new("Restarts", "string", 0, (pod, now) => RestartsOf(pod, now)),
        CustomColumns.AgeColumn,
        new("IP", "string", 1, (pod, _) => pod.Text("status", "podIP") ?? "<none>"),
        new("Node", "string", 1, (pod, _) => pod.Text("spec", "nodeName") ?? "<none>"),
        new("Nominated Node", "string", 1, (_, _) => "<none>"),
        new("Readiness Gates", "string", 1, (_, _) => "<none>"),
    ];

    private static IEnumerable<JsonObject> Statuses(JsonObject pod) => pod.Maps("status", "containerStatuses");

    private static string StatusOf(JsonObject pod)
    {
        if (pod.At("metadata", "deletionTimestamp") is not null)
        {
            return "Terminating";
        }

        var reason = pod.Text("status", "reason") ?? pod.Text("status", "phase") ?? "Unknown";
        foreach (var status in pod.Maps("status", "initContainerStatuses"))
        {
            if (status.Number("state", "terminated", "exitCode") == 0)
            {
                continue;
            }

            return status.At("state", "terminated") is not null ? $"Init:{Ended(status)}"
                : status.Text("state", "waiting", "reason") is { } waiting and not "PodInitializing" ? $"Init:{waiting}"
                : $"Init:{pod.Maps("status", "initContainerStatuses").Count(done => done.Number("state", "terminated", "exitCode") == 0)}/{pod.Maps("spec", "initContainers").Count()}";
        }

        var running = false;
        foreach (var status in Statuses(pod).Reverse())
        {
            if (status.Text("state", "waiting", "reason") is { } waiting)
            {
                reason = waiting;
            }
            else if (status.At("state", "terminated") is not null)
            {
                reason = Ended(status);
            }
            else if (status.IsTrue("ready") && status.At("state", "running") is not null)
            {
                running = true;
            }
        }

        return reason == "Completed" && running ? "Running" : reason;
    }

    private static string Ended(JsonObject status) => status.Text("state", "terminated", "reason") is { Length: > 0 } reason ? reason
        : status.Number("state", "terminated", "signal") is > 0 and var signal ? $"Signal:{signal}"
        : $"ExitCode:{status.Number("state", "terminated", "exitCode")}";

    private static string RestartsOf(JsonObject pod, DateTimeOffset now)
    {
        var restarts = Statuses(pod).Sum(status => status.Number("restartCount") ?? 0);
        var last = Statuses(pod).Select(status => status.Text("lastState", "terminated", "finishedAt")).Max(StringComparer.Ordinal);
        return restarts == 0 || last is null ? $"{restarts}" : $"{restarts} ({Age.Since(last, now)} ago)";
    }
}

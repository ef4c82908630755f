using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using k8s.Models;

namespace FaultTolerance.Deployments;

/// <summary>Why pods are not ready, in the cluster's own words.</summary>
internal static class PodTroubles
{
    private const int LongestList = 5;

    /// <summary>
    /// One line: each pod that is not ready with its container states, last warning and last words; services with too few pods with their
    /// owners' warnings.
    /// </summary>
    public static async Task<string> ExplainAsync(ClusterSession session, GraphWatch watch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(watch);
        IReadOnlyList<Corev1Event> events;
        try
        {
            events = await session.ListAsync<Corev1Event>(ResourceType.Events, default, cancellation);
        }
        catch (ClusterException)
        {
            // Events are a help, not a need; what is known from the pods is told without them.
            events = [];
        }

        var pods = watch.Pods;
        var lines = pods.Where(p => !p.IsReady).Select(p => $"{p.Name}: {Describe(p.Object)}{Warning(events, p.Name, p.Uid)}").ToList();
        foreach (var service in watch.Graph.Services)
        {
            var there = pods.Count(p => p.Service == service);
            if (there < service.PodCount)
            {
                var warning = events
                    .Where(e =>
                        e.Type == "Warning"
                        && e.InvolvedObject?.Kind != "Pod"
                        && IsOf(e.InvolvedObject?.Name, watch.Graph.Name, service.Name)
                    )
                    .MaxBy(Time);
                lines.Add(
                    $"{service.Name}: {there} of {service.PodCount} "
                        + $"pods{(warning is null ? "" : $" ({warning.Reason}: {ForeignText.Line(warning.Message, 300)})")}"
                );
            }
        }

        var last = await new LastWords(session).OfAsync(pods.Select(p => p.Object), cancellation);
        return (
            lines.Count <= LongestList
                ? string.Join("; ", lines)
                : $"{string.Join("; ", lines.Take(LongestList))}; and {lines.Count - LongestList} more"
        ) + last;
    }

    /// <summary>Whether a pod's Ready condition holds.</summary>
    internal static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(c => c.Type == "Ready" && c.Status == "True") ?? false;

    /// <summary>The state of one pod: waiting or ended containers, else the condition that does not hold, else its phase.</summary>
    public static string Describe(V1Pod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        if (pod.Metadata?.DeletionTimestamp is not null)
        {
            return Terminating(pod);
        }

        var containers = (pod.Status?.InitContainerStatuses ?? [])
            .Concat(pod.Status?.ContainerStatuses ?? [])
            .Select(Container)
            .OfType<string>()
            .ToArray();
        if (containers.Length > 0)
        {
            return string.Join(", ", containers);
        }

        var condition = pod.Status?.Conditions?.FirstOrDefault(c => c.Status == "False" && !string.IsNullOrEmpty(c.Reason));
        return condition is null
            ? $"phase {pod.Status?.Phase ?? "unknown"}"
            : $"{condition.Reason}: {ForeignText.Line(condition.Message, 300)}";
    }

    // Grove cuts a graph's name and ends it in four digits; what it cut is not part of its objects' names.
    private static bool IsOf(string? name, string graph, string service)
    {
        if (name is null || !name.Contains(service, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var parts = name.Split("-0-", 2);
        return name.StartsWith($"{graph}-", StringComparison.OrdinalIgnoreCase)
            || (parts is [{ Length: > 5 } set, _] && set[^5] == '-' && set[^4..].All(char.IsAsciiHexDigit)
                && graph.StartsWith(set[..^5], StringComparison.OrdinalIgnoreCase));
    }

    // Who holds a pod that is going: finalizers of somebody's, or a container that has not ended.
    private static string Terminating(V1Pod pod)
    {
        string[] holders =
        [
            .. (pod.Metadata.Finalizers ?? []).Select(f => $"finalizer {ForeignText.Line(f, 100)}"),
            .. (pod.Status?.ContainerStatuses ?? []).Where(s => s.State?.Running is not null).Select(s => $"{s.Name} still runs"),
        ];
        return holders.Length == 0 ? "terminating" : $"terminating, {string.Join(", ", holders)}";
    }

    private static string? Container(V1ContainerStatus status)
    {
        var last = status.LastState?.Terminated is { } ended ? $", ended before with {Exit(ended)}" : "";
        if (status.State?.Waiting is { } waiting)
        {
            return $"{status.Name} {waiting.Reason}{(string.IsNullOrEmpty(waiting.Message) ? "" : $" ({ForeignText.Line(waiting.Message, 300)})")}{last}";
        }

        if (status.State?.Terminated is { } terminated)
        {
            return terminated.ExitCode == 0 ? null : $"{status.Name} ended with {Exit(terminated)}";
        }

        return status.Ready ? null : $"{status.Name} runs but is not ready{last}";
    }

    private static string Exit(V1ContainerStateTerminated ended) => $"exit code {ended.ExitCode} ({ended.Reason})";

    private static string Warning(IReadOnlyList<Corev1Event> events, string name, string uid)
    {
        var warning = events.Where(e => e.Type == "Warning" && e.InvolvedObject?.Name == name && e.InvolvedObject.Uid == uid).MaxBy(Time);
        return warning is null ? "" : $" ({warning.Reason}: {ForeignText.Line(warning.Message, 300)})";
    }

    /// <summary>When an event was last seen.</summary>
    internal static DateTime Time(Corev1Event e) => e.LastTimestamp ?? e.EventTime ?? e.FirstTimestamp ?? DateTime.MinValue;
}

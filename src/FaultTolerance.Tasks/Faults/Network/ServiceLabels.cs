using System.Text.Json.Nodes;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Faults.Network;

/// <summary>The labels by which the cluster tells a service's pods from all others, whoever makes them.</summary>
internal static class ServiceLabels
{
    // Each pod, or each version of the service, has others.
    private static readonly string[] OfOnePod = ["hash", "pod-index", "pod-name", "worker-index", "group-index", "group-key"];

    /// <summary>Those that all pods of the service have alike.</summary>
    /// <param name="pods">The service's pods; at least one.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(IEnumerable<GraphPod> pods)
    {
        ArgumentNullException.ThrowIfNull(pods);
        return pods.Select(pod => (pod.Object.Metadata.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal))
                .Where(label => !OfOnePod.Any(part => label.Key.Contains(part, StringComparison.Ordinal))))
            .Aggregate((all, own) => all.Intersect(own))
            .OrderBy(label => label.Key, StringComparer.Ordinal).ToArray();
    }

    /// <summary>Those that select one service and none of the others of the graph.</summary>
    /// <exception cref="FaultMatrixException">FT0628: there are none.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(string service, IReadOnlyList<GraphPod> all)
    {
        var own = all.Where(pod => pod.Service.Name == service).ToArray();
        var labels = own.Length > 0 ? Of(own) : throw new FaultMatrixException("FT0611", $"service '{service}' has no pod to break");
        return all.FirstOrDefault(pod => pod.Service.Name != service && labels.All(label => Has(pod, label))) is { } other
            ? throw new FaultMatrixException(
                "FT0628",
                $"the pods of service '{service}' have no labels that pod '{other.Name}' of service '{other.Service.Name}' has not too")
            : labels;
    }

    /// <summary>A selector of them.</summary>
    public static JsonObject Selector(IEnumerable<KeyValuePair<string, string>> labels) =>
        new() { ["matchLabels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))) };

    private static bool Has(GraphPod pod, KeyValuePair<string, string> label) =>
        pod.Object.Metadata.Labels?.TryGetValue(label.Key, out var value) == true && value == label.Value;
}

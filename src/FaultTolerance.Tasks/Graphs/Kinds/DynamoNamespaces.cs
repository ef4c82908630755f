using System.Text.Json.Nodes;
using k8s.Models;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>
/// The Dynamo namespaces of a graph's services. Everything in one is one service, so each row's graph has one of its own: rows of one
/// manifest
/// would otherwise serve each other's requests. Where the resource's version has no such property its operator makes one for each graph.
/// </summary>
/// <param name="graph">The graph's name, which is its namespace's.</param>
/// <param name="has">Whether the resource's version has the property.</param>
internal sealed class DynamoNamespaces(string graph, bool has)
{
    private const string Property = "dynamoNamespace";
    private const string Global = "globalDynamoNamespace";
    private const string Variable = "DYN_NAMESPACE";
    private const string Label = "nvidia.com/dynamo-namespace";
    private readonly SortedSet<string> _before = new(StringComparer.Ordinal);

    /// <summary>What was changed.</summary>
    public string Text => $"Dynamo namespace {graph}{(_before.Count == 0 ? "" : $" instead of {string.Join(", ", _before)}")}";

    /// <summary>
    /// Gives a service the graph's own namespace, unless it is to be in the global one. What a profile's overlay says comes later and
    /// stays.
    /// </summary>
    public void Set(JsonObject service)
    {
        if (!has || IsGlobal(service))
        {
            return;
        }

        if (service[Property] is JsonValue value && value.TryGetValue<string>(out var before) && before != graph)
        {
            _before.Add(before);
        }

        service[Property] = graph;
    }

    /// <summary>The namespace that services share with other graphs after all changes; null where they share none.</summary>
    /// <param name="services">The services.</param>
    /// <param name="spec">The graph's spec, for its variables.</param>
    public string? Shared(IReadOnlyList<JsonObject> services, JsonObject spec) =>
        services.Any(IsGlobal) ? "dynamo"
        : services.Select(s => s[Property]?.ToString()).FirstOrDefault(space => has && space is not null && space != graph)
            ?? services.Append(spec).Select(Pinned).FirstOrDefault(space => space is not null);

    /// <summary>The namespace that a pod's processes register in: what their variable says, else the pod's label; null for none.</summary>
    public static string? Of(V1Pod pod) =>
        pod.Spec?.Containers?.SelectMany(container => container.Env ?? []).FirstOrDefault(v => v.Name == Variable)?.Value
        ?? (pod.Metadata?.Labels?.TryGetValue(Label, out var label) == true ? label : null);

    private static bool IsGlobal(JsonObject service) =>
        service[Global] is JsonValue value && value.TryGetValue<bool>(out var global) && global;

    // A variable that the manifest sets itself is what the process goes by, whatever the resource says.
    private static string? Pinned(JsonNode? node) => node switch
    {
        JsonObject map when map["name"]?.ToString() == Variable && map["value"] is JsonValue value => value.ToString(),
        JsonObject map => map.Select(entry => Pinned(entry.Value)).FirstOrDefault(space => space is not null),
        JsonArray list => list.Select(Pinned).FirstOrDefault(space => space is not null),
        _ => null,
    };
}

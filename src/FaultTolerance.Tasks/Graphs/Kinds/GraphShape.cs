using System.Text.Json.Nodes;
using FaultTolerance.Graphs.Manifests;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>
/// What a graph must have to be measured: one frontend that clients reach, and workers behind it, or one service that is both.
/// </summary>
internal static class GraphShape
{
    /// <summary>What it lacks, FT0223.</summary>
    public static IEnumerable<FaultMatrixException> Faults(Manifest manifest, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(graph);
        var line = manifest.Documents[0].Line;
        var names = string.Join(", ", graph.Services.Select(s => $"{s.Name} ({s.Role})"));
        var frontends = graph.Services.Count(s => s.Role == GraphRoles.Frontend);
        if (graph.Services is [var only] && (graph.Kind is PlainGraphKind || only.Role != GraphRoles.Frontend))
        {
            // An engine that serves clients itself.
            yield break;
        }

        foreach (var twice in graph.Services.GroupBy(s => s.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            yield return manifest.Error("FT0223", line, $"has the service {twice.Key} {twice.Count()} times");
        }

        if (frontends == 0 && !graph.Objects.Any(o => HasSidecarFrontend(o.Body)))
        {
            yield return manifest.Error(
                "FT0223",
                line,
                $"has no frontend that clients could reach, neither a service nor a sidecar: {names}"
            );
        }

        if (frontends > 1)
        {
            yield return manifest.Error("FT0223", line, $"has {frontends} frontends, and clients go to one: {names}");
        }

        if (frontends == graph.Services.Length)
        {
            yield return manifest.Error("FT0223", line, $"has no worker behind its frontend: {names}");
        }
    }

    /// <summary>Why a graph's frontends need a gateway that it does not bring; null where they need none.</summary>
    public static string? GatewayMissing(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Services.Any(s => s.Role == GraphRoles.Frontend)
            || graph.Services.FirstOrDefault(s => s.NeedsGateway) is not { } service
            ? null
            : $"its frontend, container {service.Sidecar} of {service.Name}, runs with --router-mode direct and answers only what a "
                + "gateway sends it, "
                + "and this tool has no gateway before it; measure the graph with another --router-mode, or one with a frontend of its own";
    }

    private static bool HasSidecarFrontend(JsonNode? node) =>
        node switch
        {
            JsonObject map => map.ContainsKey("frontendSidecar")
                || map.Any(entry => entry.Key == "containers" && entry.Value is JsonArray list && list.OfType<JsonObject>().Any(IsFrontend))
                || map.Any(entry => HasSidecarFrontend(entry.Value)),
            JsonArray list => list.Any(HasSidecarFrontend),
            _ => false,
        };

    private static bool IsFrontend(JsonObject container) =>
        container["name"]?.ToString().Contains(GraphRoles.Frontend, StringComparison.OrdinalIgnoreCase) == true;
}

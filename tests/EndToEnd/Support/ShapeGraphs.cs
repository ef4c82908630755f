using System.Text.Json.Nodes;
using FaultTolerance.Tests.Shapes;

namespace EndToEnd;

/// <summary>
/// Every form of graph that Dynamo ships, in both versions, as deployments of one scenarios file. A gateway's graph takes requests through
/// its gateway alone: v1beta1's sidecar is given another router mode, and v1alpha1's, which the operator makes, is left out.
/// </summary>
internal static class ShapeGraphs
{
    /// <summary>The failure of every row.</summary>
    public const string Failure = "none";

    /// <summary>The graph that has a document beside it, to which it refers.</summary>
    public const string WithCompanion = "vllm-disagg-v1beta1";

    private static readonly string[] Versions = ["v1alpha1", "v1beta1"];

    /// <summary>Deployments by name, each with its version and the graph as its manifest has it.</summary>
    public static IReadOnlyDictionary<string, (string Version, JsonObject Graph)> All { get; } =
    (
        from shape in ManifestShapes.All.Keys
        from version in Versions
        where version == "v1beta1" || !IsGateway(shape)
        select (Name: $"{shape}-{version}", Version: version, Graph: Graph(shape, version))
    ).ToDictionary(d => d.Name, d => (d.Version, d.Graph), StringComparer.Ordinal);

    /// <summary>Writes manifests and scenarios file.</summary>
    /// <returns>The scenarios file.</returns>
    public static string Write(TempFolder folder)
    {
        foreach (var (name, (_, graph)) in All)
        {
            folder.Write($"{name}.yaml", graph.ToJsonString() + (name == WithCompanion
                ? "\n---\n{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"engine-config\"},\"data\":{\"MORE\":\"1\"}}\n" : "\n"));
        }

        foreach (var version in Versions)
        {
            folder.Write($"gateway-{version}.yaml", ManifestShapes.Yaml("gateway-agg", version));
        }

        var deployments = string.Join(",\n", All.Keys.Concat(Versions.Select(version => $"gateway-{version}"))
            .Select(name => $$"""    "{{name}}": { "manifest": "{{name}}.yaml" }"""));
        return folder.Write("shapes.json", $$"""
            {
              "defaultProfile": "shapes",
              "deployments": {
            {{deployments}}
              },
              "failures": { "{{Failure}}": {} },
              "loads": { "none": { "clients": 1, "requestsPerClient": 1 } },
              "profiles": {
                "shapes": {
                  "load": "none", "after": 1, "parallelism": 6,
                  "environment": {
                    "STANDIN_PROFILE": "today", "STANDIN_ENGINE_START_SECONDS": "0.3", "STANDIN_FRONTEND_START_SECONDS": "0.1"
                  },
                  "services": {
                    "frontend": { {{Probe("readinessProbe", "/health", 8000)}} },
                    "decode": { {{Probe("readinessProbe", "/health", 9090)}}, {{Probe("startupProbe", "/live", 9090)}} },
                    "prefill": { {{Probe("readinessProbe", "/health", 9090)}}, {{Probe("startupProbe", "/live", 9090)}} },
                    "planner": { {{Probe("readinessProbe", "/health", 9090)}}, {{Probe("startupProbe", "/live", 9090)}} },
                    "OpenEngineWorker": {
                      {{Probe("livenessProbe", "/live", 8081)}}, {{Probe("readinessProbe", "/health", 8081)}},
                          {{Probe("startupProbe", "/live", 8081)}}
                    }
                  }
                }
              },
              "matrix": [ { "deployments": ["*"], "failures": ["*"] } ]
            }
            """);
    }

    private static bool IsGateway(string shape) => shape.StartsWith("gateway", StringComparison.Ordinal);

    private static string Probe(string name, string path, int port) =>
        $$"""
        "{{name}}": { "httpGet": { "path": "{{path}}", "port": {{port}} }, "periodSeconds": 1, "timeoutSeconds": 5, "failureThreshold": 60 }
        """;

    private static JsonObject Graph(string shape, string version)
    {
        var graph = ManifestShapes.Graph(shape, version);
        if (IsGateway(shape))
        {
            graph = JsonNode.Parse(graph.ToJsonString().Replace("\"direct\"", "\"round-robin\"", StringComparison.Ordinal))!.AsObject();
        }
        else if ($"{shape}-{version}" == WithCompanion)
        {
            graph["spec"]!["components"]![1]!["podTemplate"]!["spec"]!["containers"]![0]!["envFrom"] =
                JsonNode.Parse("""[{"configMapRef":{"name":"engine-config"}}]""");
        }

        // Numbers as they are read from a file.
        return JsonNode.Parse(graph.ToJsonString())!.AsObject();
    }
}

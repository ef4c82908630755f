namespace EndToEnd;

/// <summary>A scenarios file whose rows last a few seconds: six of one deployment, one for each failure.</summary>
internal static class ShortScenarios
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<string> Rows { get; } =
        ["agg-none", "agg-frontend", "agg-frontend_pod", "agg-decode_worker", "agg-decode_worker_pod", "agg-vllm_decode_engine_core"];

    /// <summary>Probes of frontends and decode workers that tell every second, for <c>services</c> of a profile.</summary>
    public const string Probes = """
        {
          "frontend": {
            "livenessProbe": { "httpGet": { "path": "/live", "port": 8000 }, "periodSeconds": 5, "timeoutSeconds": 10, "failureThreshold": 6 },
            "readinessProbe": { "httpGet": { "path": "/health", "port": 8000 }, "periodSeconds": 1, "timeoutSeconds": 5, "failureThreshold": 3 }
          },
          "decode": {
            "livenessProbe": { "httpGet": { "path": "/live", "port": 9090 }, "periodSeconds": 5, "timeoutSeconds": 10, "failureThreshold": 6 },
            "readinessProbe": { "httpGet": { "path": "/health", "port": 9090 }, "periodSeconds": 1, "timeoutSeconds": 5, "failureThreshold": 3 },
            "startupProbe": { "httpGet": { "path": "/live", "port": 9090 }, "periodSeconds": 1, "timeoutSeconds": 5, "failureThreshold": 60 }
          }
        }
        """;

    /// <summary>The file's text.</summary>
    /// <param name="requests">Requests of each of the four clients, ten a second.</param>
    /// <param name="manifest">The manifest, in the repository.</param>
    public static string Text(int requests, string manifest = "deployments/agg.yaml") => $$"""
        {
          "defaultProfile": "short",
          "deployments": {
            "agg": { "manifest": "{{Path.Combine(Repository.Root, manifest)}}", "replicas": 1, "tensorParallel": 1, "roles": ["frontend", "decode"] }
          },
          "failures": {
            "none": {},
            "frontend": { "kind": "killProcess", "target": "frontend", "process": "dynamo.frontend", "signal": "SIGINT" },
            "frontend_pod": { "kind": "deletePod", "target": "frontend" },
            "decode_worker": { "kind": "killProcess", "target": "decode", "process": "dynamo.vllm", "signal": "SIGINT" },
            "decode_worker_pod": { "kind": "deletePod", "target": "decode" },
            "vllm_decode_engine_core": { "kind": "killProcess", "target": "decode", "process": "VLLM::EngineCore", "signal": "SIGKILL" }
          },
          "loads": {
            "short": {
              "clients": 4, "requestsPerClient": {{requests}}, "inputTokens": 20, "outputTokens": 20, "ratePerClient": 10,
              "attempts": 1, "retryDelay": 0.1, "timeout": 5, "maxSendLag": 2
            }
          },
          "profiles": {
            "short": {
              "load": "short", "after": 1, "parallelism": 2,
              "environment": {
                "STANDIN_ENGINE_START_SECONDS": "0.5", "STANDIN_FRONTEND_START_SECONDS": "0.1",
                "STANDIN_PREFILL_MS": "5", "STANDIN_TOKEN_MS": "0.5", "STANDIN_TRANSFER_MS": "5", "STANDIN_JITTER": "0.05"
              },
              "services": {{Probes}}
            }
          },
          "matrix": [ { "deployments": ["agg"], "failures": ["*"] } ]
        }
        """;
}

namespace EndToEnd;

/// <summary>
/// Graphs of two workers whose frontend moves streams to another worker (migration limit 3), exactly or with a token less or more at each
/// move.
/// </summary>
internal static class MigratingGraphs
{
    /// <summary>What becomes of a token at a move, which is the deployment's name too.</summary>
    public static IReadOnlyList<string> Ways { get; } = ["exact", "lose", "double"];

    /// <summary>Writes the manifests and the scenarios.</summary>
    /// <returns>The scenarios file.</returns>
    public static string Write(TempFolder folder)
    {
        foreach (var way in Ways)
        {
            folder.Write($"{way}.yaml", Manifest(way));
        }

        return folder.Write("scenarios.json", Scenarios);
    }

    private static string Manifest(string way) => $$"""
        apiVersion: nvidia.com/v1alpha1
        kind: DynamoGraphDeployment
        metadata:
          name: migrating-{{way}}
        spec:
          envs:
            - {name: DYN_LOGGING_JSONL, value: "true"}
            - {name: STANDIN_PROFILE, value: today}
            - {name: DYN_MIGRATION_LIMIT, value: "3"}
            - {name: STANDIN_MIGRATED_TOKENS, value: {{way}}}
          services:
            Frontend:
              componentType: frontend
              replicas: 1
              extraPodSpec:
                mainContainer:
                  image: faultmatrix/stand-in:1
            VllmDecodeWorker:
              componentType: worker
              replicas: 2
              extraPodSpec:
                mainContainer:
                  image: faultmatrix/stand-in:1
                  command: [python3, -m, dynamo.vllm]
                  args: [--model, Qwen/Qwen3-0.6B]
        """;

    private static string Deployment(string way) =>
        $$"""    "{{way}}": { "manifest": "{{way}}.yaml", "replicas": { "frontend": 1, "decode": 2 }, "roles": ["frontend", "decode"] }""";

    // Streams of 0.9 s; each of a client's prompts is asked twice before the fault.
    private static string Scenarios => $$"""
        {
          "defaultProfile": "streams",
          "deployments": {
        {{string.Join(",\n", Ways.Select(Deployment))}}
          },
          "failures": { "decode_worker_pod": { "kind": "deletePod", "target": "decode" } },
          "loads": {
            "streams": {
              "stream": true, "continuity": true, "clients": 6, "requestsPerClient": 16, "inputTokens": 20, "outputTokens": 40,
              "ratePerClient": 1, "attempts": 1, "timeout": 10, "maxSendLag": 2
            }
          },
          "profiles": {
            "streams": {
              "load": "streams", "after": 9, "parallelism": 3,
              "environment": {
                "STANDIN_ENGINE_START_SECONDS": "0.5", "STANDIN_FRONTEND_START_SECONDS": "0.1",
                "STANDIN_PREFILL_MS": "5", "STANDIN_TOKEN_MS": "22", "STANDIN_TRANSFER_MS": "5", "STANDIN_JITTER": "0.05"
              },
              "services": {{ShortScenarios.Probes}}
            }
          },
          "checks": [ { "deployments": ["exact"], "continuity": 1 } ],
          "matrix": [ { "deployments": ["*"], "failures": ["*"] } ]
        }
        """;
}

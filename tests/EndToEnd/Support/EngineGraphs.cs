namespace EndToEnd;

/// <summary>
/// Graphs of each engine as upstream's examples have them, with their options, and a scenarios file that takes each through
/// <c>none</c> and <c>decode_worker</c>.
/// </summary>
internal static class EngineGraphs
{
    private const string Model = "Qwen/Qwen3-0.6B";

    /// <summary>Each graph: name, the decode worker's container, and the prefill worker's where there is one.</summary>
    public static readonly (string Name, string Decode, string? Prefill)[] All =
    [
        ("vllm-agg", Plain($"dynamo.vllm, --model, {Model}"), null),
        (
            "vllm-disagg",
            Shell($"python3 -m dynamo.vllm --model {Model} --disaggregation-mode decode"),
            Split("dynamo.vllm", $"--model, {Model}, --disaggregation-mode, prefill")),
        (
            "sglang-agg",
            Split("dynamo.sglang", $"--model-path, {Model}, --served-model-name, {Model}, --page-size, '16', --tp, '1', --skip-tokenizer-init, "
                + "--tensor-parallel-size, '2'"),
            null),
        ("sglang-disagg", Sglang("decode"), Sglang("prefill")),
        ("trtllm-agg", Plain($"dynamo.trtllm, --model-path, {Model}, --served-model-name, {Model}, --extra-engine-args, e.yaml"), null),
        ("trtllm-disagg", Trtllm("decode"), Trtllm("prefill")),
        ("mocker-agg", Plain($"dynamo.mocker, --model-path, {Model}, --model-name, {Model}, --speedup-ratio, '1.0'"), null),
        ("mocker-disagg", Mocker("decode"), Mocker("prefill")),
    ];

    /// <summary>A graph whose decode worker has two nodes; only Grove can make its pods.</summary>
    public const string Multinode = "vllm-multinode";

    /// <summary>A graph of two mockers that are known by leases: one that was killed is asked again every 0.8 s.</summary>
    public const string Leases = "mocker-leases";

    private const string LeaseVariables =
        ", {name: STANDIN_PROFILE, value: today}, {name: DYN_DISCOVERY_BACKEND, value: etcd}, {name: STANDIN_LEASE_SECONDS, value: \"60\"}, "
        + "{name: STANDIN_RECONCILE_SECONDS, value: \"0.8\"}";

    /// <summary>Writes manifests and scenarios file.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="failure">The failure beside <c>none</c>: <c>decode_worker</c> or <c>decode_worker_pod</c>.</param>
    /// <param name="grove">Whether the graphs leave it to the platform who makes their pods.</param>
    /// <returns>The scenarios file.</returns>
    public static string Write(TempFolder folder, string failure = "decode_worker", bool grove = false)
    {
        var annotations = grove ? "" : ", annotations: {nvidia.com/enable-grove: \"false\"}";
        (string Name, string Decode, string? Prefill)[] graphs =
            grove
                ?
                [
                    .. All,
                    (Multinode, Plain($"dynamo.vllm, --model, {Model}, --tensor-parallel-size, '2'"), null),
                    (Leases, Plain($"dynamo.mocker, --model-path, {Model}, --model-name, {Model}, --speedup-ratio, '10'"), null),
                ]
                : All;
        foreach (var (name, decode, prefill) in graphs)
        {
            folder.Write(
                $"{name}.yaml",
                $$"""
                apiVersion: nvidia.com/v1alpha1
                kind: DynamoGraphDeployment
                metadata: {name: {{name}}{{annotations}} }
                spec:
                  envs: [{name: DYN_LOGGING_JSONL, value: "true"}{{(name == Leases ? LeaseVariables : "")}}]
                  services:
                    Frontend: {componentType: frontend, replicas: 1, extraPodSpec: {mainContainer: {image: "faultmatrix/stand-in:1"} } }
                    {{Worker("Decode", decode, nodes: name == Multinode ? 2 : 1, replicas: name == Leases ? 2 : 1)}}
                    {{(prefill is null ? "" : Worker("Prefill", prefill))}}
                """);
        }

        var deployments = string.Join(",\n", graphs.Select(g => $$"""    "{{g.Name}}": { "manifest": "{{g.Name}}.yaml", "roles": ["frontend", "decode"] }"""));
        return folder.Write("engines.json", $$"""
            {
              "defaultProfile": "short",
              "deployments": {
            {{deployments}}
              },
              "failures": {
                "none": {},
                "decode_worker": { "kind": "killProcess", "target": "decode", "process": "dynamo.", "signal": "SIGINT" },
                "decode_worker_pod": { "kind": "deletePod", "target": "decode" }
              },
              "loads": {
                "short": { "clients": 4, "requestsPerClient": 30, "inputTokens": 20, "outputTokens": 20, "ratePerClient": 10, "attempts": 1,
                  "retryDelay": 0.1, "timeout": 5, "maxSendLag": 0.5 }
              },
              "profiles": {
                "short": {
                  "description": "Engines that start in half a second, and a load of three.", "load": "short", "after": 1, "parallelism": 4,
                  "environment": { "STANDIN_ENGINE_START_SECONDS": "0.5", "STANDIN_FRONTEND_START_SECONDS": "0.1" },
                  "services": { "*": { "livenessProbe": null, "startupProbe": null, "readinessProbe": null },
                    "frontend": { "readinessProbe": { "httpGet": { "path": "/health", "port": 8000 }, "periodSeconds": 1 } },
                    "decode": { "readinessProbe": { "httpGet": { "path": "/health", "port": 9090 }, "periodSeconds": 1 } },
                    "prefill": { "readinessProbe": { "httpGet": { "path": "/health", "port": 9090 }, "periodSeconds": 1 } } }
                }
              },
              "matrix": [ { "deployments": ["*"], "failures": ["none", "{{failure}}"] } ]
            }
            """);
    }

    private static string Worker(string name, string container, int nodes = 1, int replicas = 1) =>
        $"{name}Worker: {{componentType: worker, subComponentType: {name.ToLowerInvariant()}, replicas: {replicas}, "
        + $"{(nodes > 1 ? $"multinode: {{nodeCount: {nodes}}}, " : "")}"
        + $"extraPodSpec: {{mainContainer: {{image: \"faultmatrix/stand-in:1\", {container}}}}}}}";

    private static string Sglang(string mode) => Shell(
        $"python3 -m dynamo.sglang --model-path {Model} --served-model-name {Model} --page-size 16 --tp 1 --skip-tokenizer-init "
        + $"--disaggregation-mode {mode} --disaggregation-transfer-backend nixl --disaggregation-bootstrap-port 12345 --host 0.0.0.0");

    private static string Trtllm(string mode) =>
        Split("dynamo.trtllm", $"--model-path, {Model}, --served-model-name, {Model}, --extra-engine-args, e.yaml, --disaggregation-mode, {mode}");

    private static string Mocker(string mode) =>
        Split("dynamo.mocker", $"--model-path, {Model}, --model-name, {Model}, --disaggregation-mode, {mode}");

    // The three ways in which upstream's manifests write it.
    private static string Plain(string words) => $"command: [python3, -m, {words}]";

    private static string Split(string module, string words) => $"command: [python3], args: [-m, {module}, {words}]";

    private static string Shell(string text) => $"command: [/bin/sh, -c], args: [\"exec {text}\"]";
}

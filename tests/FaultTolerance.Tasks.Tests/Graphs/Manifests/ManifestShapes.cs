using System.Text.Json.Nodes;

namespace FaultTolerance.Tests.Shapes;

/// <summary>
/// Manifests in the forms of the graphs that Dynamo ships today, in both versions of the resource, smaller and in words of our own. JSON is
/// YAML too.
/// </summary>
internal static class ManifestShapes
{
    public const string Image = "faultmatrix/stand-in:1";
    private const string Model = "m/one";
    private static readonly string[] PythonOnly = ["python3"];

    /// <summary>The shapes by name.</summary>
    public static IReadOnlyDictionary<string, Part[]> All { get; } = new Dictionary<string, Part[]>(StringComparer.Ordinal)
    {
        ["vllm-agg"] = [Frontend(), Worker("VllmDecodeWorker", Vllm())],
        ["vllm-agg-named"] = [Frontend(), Worker("agg", Vllm())],
        ["vllm-agg-main"] = [Frontend(), Worker("VllmWorker", Vllm()) with { Type = "main", BetaType = "worker" }],
        ["vllm-agg-router"] =
        [
            Frontend() with { Variables = [("DYN_ROUTER_MODE", "kv")] }, Worker("VllmDecodeWorker", Vllm()) with { Replicas = 2 },
        ],
        ["vllm-disagg"] =
        [
            Frontend(), Worker("VllmDecodeWorker", Vllm("decode"), "decode"), Worker("VllmPrefillWorker", Vllm("prefill"), "prefill"),
        ],
        ["vllm-disagg-planner"] =
        [
            Frontend(),
            new Part("Planner", "planner", null, "planner", ["-m", "dynamo.planner", "--config", "{}"]) { Command = PythonOnly },
            Worker("VllmDecodeWorker", Vllm("decode"), "decode") with { Scales = true },
            Worker("VllmPrefillWorker", Vllm("prefill"), "prefill") with { Scales = true },
        ],
        ["vllm-multinode"] =
        [
            Frontend(),
            Worker("decode", [.. Vllm("decode"), "--tensor-parallel-size", "2"]) with { Nodes = 2 },
            Worker("prefill", [.. Vllm("prefill"), "--tensor-parallel-size", "2"]) with { Nodes = 2 },
        ],
        ["vllm-failover"] = [Frontend(), Worker("VllmWorker", [.. Vllm(), "--load-format", "gms"]) with { Failover = true }],
        ["gateway-agg"] = [Picker(), Gateway("VllmDecodeWorker", "decode")],
        ["gateway-disagg"] = [Picker(), Gateway("VllmDecodeWorker", "decode"), Gateway("VllmPrefillWorker", "prefill") with { Sidecar = null }],
        ["vllm-sidecar"] =
        [
            Frontend(),
            Worker("VllmSidecarDecodeWorker", ["--grpc-endpoint", "127.0.0.1:50051"]) with
            {
                Command = ["dynamo-vllm-sidecar"], Beside = ("vllm-engine", ["vllm-rs", "serve", Model]),
            },
        ],
        ["open-engine"] =
        [
            Frontend(),
            Worker("OpenEngineWorker", []) with
            {
                Command = ["dynamo-openengine-sidecar"],
                    Beside = ("engine", ["python3", "-m", "sglang.launch_server", "--model-path", Model]),
                Variables = [("DYN_SYSTEM_PORT", "8081")],
            },
        ],
        ["sglang-agg"] = [Frontend(), Worker("decode", Sglang())],
        ["sglang-disagg"] = [Frontend(), Worker("decode", Sglang("decode"), "decode"), Worker("prefill", Sglang("prefill"), "prefill")],
        ["trtllm-agg"] = [Frontend(), Worker("TRTLLMWorker", Trtllm())],
        ["trtllm-disagg"] = [Frontend(), Worker("decode", Trtllm("decode"), "decode"), Worker("prefill", Trtllm("prefill"), "prefill")],
        ["mocker-agg"] = [Frontend(), Worker("decode", Mocker(), "decode") with { Gpus = null }],
        ["mocker-disagg"] =
        [
            Frontend(), Worker("decode", Mocker("decode"), "decode") with { Gpus = null },
            Worker("prefill", Mocker("prefill"), "prefill") with { Gpus = null },
        ],
    };

    /// <summary>A manifest.</summary>
    /// <param name="shape">Which.</param>
    /// <param name="version"><c>v1alpha1</c> or <c>v1beta1</c>.</param>
    public static string Yaml(string shape, string version) => Graph(shape, version).ToJsonString();

    /// <summary>The same as an object.</summary>
    public static JsonObject Graph(string shape, string version)
    {
        var alpha = version == "v1alpha1";
        var spec = alpha
            ? new JsonObject
            {
                ["envs"] = new JsonArray(Variable("DYN_LOG", "info")),
                ["services"] = new JsonObject([.. All[shape].Select(part => KeyValuePair.Create(part.Name, (JsonNode?)part.Alpha()))]),
            }
            : new JsonObject
            {
                ["env"] = new JsonArray(Variable("DYN_LOG", "info")),
                ["components"] = new JsonArray([.. All[shape].Select(part => part.Beta())]),
            };
        return new JsonObject
        {
            ["apiVersion"] = $"nvidia.com/{version}",
            ["kind"] = "DynamoGraphDeployment",
            ["metadata"] = new JsonObject { ["name"] = shape },
            ["spec"] = spec,
        };
    }

    private static string[] Mode(string? mode) => mode is null ? [] : ["--disaggregation-mode", mode];

    private static string[] Vllm(string? mode = null) => ["-m", "dynamo.vllm", "--model", Model, .. Mode(mode)];

    private static string[] Sglang(string? mode = null) =>
        ["-m", "dynamo.sglang", "--model-path", Model, "--served-model-name", Model, "--page-size", "16", "--tp", "1", .. Mode(mode)];

    private static string[] Trtllm(string? mode = null) =>
        ["-m", "dynamo.trtllm", "--model-path", Model, "--served-model-name", Model, "--extra-engine-args", "e.yaml", .. Mode(mode)];

    private static string[] Mocker(string? mode = null) =>
        ["-m", "dynamo.mocker", "--model-path", Model, "--model-name", Model, "--speedup-ratio", "1.0", .. Mode(mode)];

    private static Part Frontend() => new("Frontend", "frontend", null, "frontend", []) { Command = [] };

    private static Part Picker() => new("Epp", "epp", null, "epp", []) { Command = ["epp"] };

    private static Part Worker(string name, string[] arguments, string? sub = null) =>
        new(name, "worker", sub, sub ?? "worker", arguments) { Command = PythonOnly, Gpus = "1" };

    private static Part Gateway(string name, string role) => new(name, "worker", role, role, [$"python3 -m dynamo.vllm --model {Model}"])
    {
        Command = ["sh", "-c"], Gpus = "1", Sidecar = "sidecar-frontend",
    };

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    /// <summary>A service of a shape.</summary>
    internal sealed record Part(string Name, string Type, string? Sub, string BetaType, string[] Arguments)
    {
        public string[] Command { get; init; } = [];

        public int Replicas { get; init; } = 1;

        public int Nodes { get; init; } = 1;

        public string? Gpus { get; init; }

        public bool Scales { get; init; }

        public bool Failover { get; init; }

        public string? Sidecar { get; init; }

        public (string Name, string[] Command)? Beside { get; init; }

        public (string Name, string Value)[] Variables { get; init; } = [];

        public JsonObject Alpha()
        {
            var pod = new JsonObject { ["mainContainer"] = Container(null) };
            if (Beside is { } beside)
            {
                pod["containers"] = new JsonArray(new JsonObject { ["name"] = beside.Name, ["image"] = Image, ["command"] = Texts(beside.Command) });
            }

            var service = new JsonObject { ["componentType"] = Type, ["replicas"] = Replicas, ["extraPodSpec"] = pod };
            Set(service, "subComponentType", Sub is null ? null : (JsonNode)Sub);
            Set(service, "multinode", Nodes == 1 ? null : new JsonObject { ["nodeCount"] = Nodes });
            Set(service, "resources", Gpus is null ? null : new JsonObject
            {
                ["limits"] = new JsonObject { ["gpu"] = Gpus }, ["requests"] = new JsonObject { ["gpu"] = Gpus },
            });
            Set(service, "scalingAdapter", Scales ? new JsonObject { ["enabled"] = true } : null);
            Set(service, "failover", Failover ? new JsonObject { ["enabled"] = true, ["mode"] = "intraPod", ["numShadows"] = 1 } : null);
            Set(service, "frontendSidecar", Sidecar is null ? null : new JsonObject { ["image"] = Image });
            return service;
        }

        public JsonObject Beta()
        {
            var containers = new JsonArray(Container("main"));
            if (Beside is { } beside)
            {
                containers.Add((JsonNode)new JsonObject { ["name"] = beside.Name, ["image"] = Image, ["command"] = Texts(beside.Command) });
            }

            if (Sidecar is not null)
            {
                containers.Add((JsonNode)new JsonObject
                {
                    ["name"] = Sidecar, ["image"] = Image, ["command"] = Texts(["python3"]),
                    ["args"] = Texts(["-m", "dynamo.frontend", "--router-mode", "direct"]),
                });
            }

            var component = new JsonObject
            {
                ["name"] = Name, ["type"] = BetaType, ["replicas"] = Replicas,
                ["podTemplate"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers } },
            };
            Set(component, "multinode", Nodes == 1 ? null : new JsonObject { ["nodeCount"] = Nodes });
            Set(component, "scalingAdapter", Scales ? new JsonObject() : null);
            Set(component, "frontendSidecar", Sidecar is null ? null : (JsonNode)Sidecar);
            Set(component, "experimental", Failover ? new JsonObject
            {
                ["failover"] = new JsonObject { ["enabled"] = true, ["mode"] = "intraPod", ["numShadows"] = 1 },
            } : null);
            return component;
        }

        private JsonObject Container(string? name)
        {
            var container = new JsonObject();
            Set(container, "name", name is null ? null : (JsonNode)name);
            container["image"] = Image;
            Set(container, "command", Command.Length == 0 ? null : Texts(Command));
            Set(container, "args", Arguments.Length == 0 ? null : Texts(Arguments));
            Set(container, "env", Variables.Length == 0 ? null : new JsonArray([.. Variables.Select(v => Variable(v.Name, v.Value))]));
            Set(container, "resources", name is null || Gpus is null ? null : new JsonObject
            {
                ["limits"] = new JsonObject { ["nvidia.com/gpu"] = Gpus }, ["requests"] = new JsonObject { ["nvidia.com/gpu"] = Gpus },
            });
            return container;
        }

        private static void Set(JsonObject holder, string key, JsonNode? value)
        {
            if (value is not null)
            {
                holder[key] = value;
            }
        }
    }
}

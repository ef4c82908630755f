using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Tests.Support;

/// <summary>A graph of real processes, each with a loopback address of its own, and a pods API that says where they are.</summary>
internal sealed class TestGraph : IAsyncDisposable
{
    public const string Model = "Qwen/Qwen3-0.6B";
    public const string Pods = "/api/v1/namespaces/test/pods";
    private static int _graphs;
    private readonly int _network = Interlocked.Increment(ref _graphs) + 20;
    private readonly ConcurrentDictionary<string, StandInProcess> _processes = new(StringComparer.Ordinal);
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private IPAddress? _frontend;
    private int _hosts;
    private FakeKubernetes? _kubernetes;

    public Dictionary<string, string> Environment { get; } =
        new(StringComparer.Ordinal) { ["STANDIN_ENGINE_START_SECONDS"] = "0.3", ["STANDIN_FRONTEND_START_SECONDS"] = "0" };

    /// <summary>The Dynamo namespace of the processes that are started from now on.</summary>
    public string DynamoNamespace { get; set; } = "dn";

    /// <summary>The path that chat requests are sent to; the reference suite's clients write two slashes.</summary>
    public string ChatPath { get; set; } = "//v1/chat/completions";

    /// <summary>Addresses that a test keeps.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; set; } = [];

    public FakeKubernetes Kubernetes => _kubernetes!;

    public string FrontendUrl { get; private set; } = "";

    public static async Task<TestGraph> StartAsync()
    {
        var graph = new TestGraph();
        graph._kubernetes = await FakeKubernetes.StartAsync(graph.NextAddress(), 18080);
        return graph;
    }

    public StandInProcess this[string pod] => _processes[pod];

    /// <summary>Starts the frontend, again where it was started before, and waits until it listens.</summary>
    public async Task FrontendAsync(params string[] arguments)
    {
        var address = _frontend ??= NextAddress();
        if (_processes.TryGetValue("frontend", out var earlier))
        {
            await earlier.DisposeAsync();
        }

        Start("frontend", address, ["dynamo.frontend", .. arguments]);
        FrontendUrl = $"http://{address}:8000";
        await Eventually.TrueAsync(async () => await TryGetAsync("/live") == HttpStatusCode.OK, "the frontend listens");
    }

    /// <summary>Makes a pod and starts its worker.</summary>
    public IPAddress Worker(string pod, bool prefill = false, params string[] arguments)
    {
        var address = NextAddress();
        Pod(pod, address, prefill ? "prefill" : "decode", ready: false);
        Start(pod, address, ["dynamo.vllm", "--model", Model, .. prefill ? ["--is-prefill-worker"] : Array.Empty<string>(), .. arguments]);
        return address;
    }

    /// <summary>As <see cref="Worker"/>, of any engine; the arguments name the model.</summary>
    public IPAddress Engine(string pod, string module, params string[] arguments) => Engine(pod, prefill: false, [module, .. arguments]);

    /// <summary>As the other one, of either role.</summary>
    public IPAddress Engine(string pod, bool prefill, string[] module)
    {
        var address = NextAddress();
        Pod(pod, address, prefill ? "prefill" : "decode", ready: false);
        Start(pod, address, module);
        return address;
    }

    /// <summary>Makes a pod of containers that are called by their program's own name.</summary>
    public IPAddress Programs(string pod, params (string Container, string[] Words)[] containers)
    {
        var address = NextAddress();
        Pod(pod, address, "decode", ready: false);
        foreach (var (container, words) in containers)
        {
            StartProgram(container, address, words[0], words[1..]);
        }

        return address;
    }

    /// <summary>Starts another container in a pod that is there.</summary>
    public void Beside(string container, IPAddress address, params string[] module) => Start(container, address, module);

    /// <summary>Tells the API what the kubelet would: the pod, and whether its readiness probe says yes.</summary>
    public void Pod(string pod, IPAddress address, string role, bool ready) =>
        Kubernetes.Put(Pods, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = pod,
                ["labels"] = new JsonObject
                {
                    [GraphLabels.Graph] = "graph",
                    [GraphLabels.DynamoNamespace] = DynamoNamespace,
                    [GraphLabels.ComponentType] = "worker",
                    [GraphLabels.SubComponentType] = role,
                },
            },
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["podIP"] = address.ToString(),
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "False" }),
            },
        });

    /// <summary>Starts the pod's container again, as the kubelet does after an exit.</summary>
    public async Task RestartAsync(string pod, IPAddress address, params string[] arguments)
    {
        await RestartAsModuleAsync(pod, address, ["dynamo.vllm", "--model", Model, .. arguments]);
    }

    /// <summary>As <see cref="RestartAsync"/>, of any module.</summary>
    public async Task RestartAsModuleAsync(string pod, IPAddress address, params string[] module)
    {
        await _processes[pod].DisposeAsync();
        Start(pod, address, module);
    }

    public Task WorkersReadyAsync(int count) =>
        Eventually.TrueAsync(
            async () => JsonNode.Parse(await HealthAsync())!["workers"]!.GetValue<int>() == count,
            $"{count} ready workers"
        );

    // Before a first worker is found the status is 503, with the same body.
    private async Task<string> HealthAsync()
    {
        using var answer = await _client.GetAsync(new Uri($"{FrontendUrl}/health"), TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public Task LogAsync(string pod, string text) =>
        Eventually.TrueAsync(
            () => _processes[pod].Lines.Any(line => line.Contains(text, StringComparison.Ordinal)),
            $"'{text}' in the log of {pod}"
        );

    public Task<HttpResponseMessage> ChatAsync(
        int tokens = 100,
        bool stream = false,
        string model = Model,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead,
        CancellationToken? cancellation = null
    )
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "1 2 3 4" }),
            ["max_tokens"] = tokens,
            ["min_tokens"] = tokens,
            ["ignore_eos"] = true,
            ["stream"] = stream,
        };
        return PostAsync(body.ToJsonString(), until, cancellation);
    }

    public Task<HttpResponseMessage> PostAsync(
        string body,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead,
        CancellationToken? cancellation = null
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{FrontendUrl}{ChatPath}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        return _client.SendAsync(request, until, cancellation ?? TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode?> TryGetAsync(string path, IPAddress? pod = null)
    {
        try
        {
            using var answer = await _client.GetAsync(
                pod is null ? $"{FrontendUrl}{path}" : $"http://{pod}:9090{path}",
                TestContext.Current.CancellationToken
            );
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async Task<string> GetTextAsync(string path, IPAddress? pod = null)
    {
        try
        {
            return await _client.GetStringAsync(
                pod is null ? $"{FrontendUrl}{path}" : $"http://{pod}:9090{path}",
                TestContext.Current.CancellationToken
            );
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        _client.Dispose();
        await Kubernetes.DisposeAsync();
    }

    // Addresses follow from the process id, so that two runs of the tests at once have their own.
    private IPAddress NextAddress() => new([127, (byte)_network, (byte)(1 + (System.Environment.ProcessId % 250)), (byte)++_hosts]);

    private void Start(string pod, IPAddress address, params string[] module) => StartProgram(pod, address, "python3", ["-m", .. module]);

    private void StartProgram(string pod, IPAddress address, string program, string[] arguments)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["POD_NAME"] = pod,
            ["POD_NAMESPACE"] = "test",
            ["POD_UID"] = Kubernetes.Get($"{Pods}/{pod}").At("metadata", "uid").Text() ?? "",
            ["POD_IP"] = address.ToString(),
            ["DYN_NAMESPACE"] = DynamoNamespace,
            ["DYN_PARENT_DGD_K8S_NAME"] = "graph",
            ["DYN_LOGGING_JSONL"] = "true",
            ["STANDIN_KUBERNETES_URL"] = Kubernetes.Address!.ToString(),
        };
        foreach (var (name, value) in Environment)
        {
            environment[name] = value;
        }

        _processes[pod] = StandInProcess.Start(program, environment, arguments);
    }
}

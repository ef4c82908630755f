using System.Globalization;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>The parameters of a stand-in process, all from its environment (ARCHITECTURE.md, "the stand-in as an image").</summary>
internal sealed record StandInSettings
{
    /// <summary>Engine initialisation, at each start of a worker.</summary>
    public TimeSpan EngineStart { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What the frontend waits before it listens.</summary>
    public TimeSpan FrontendStart { get; init; } = TimeSpan.FromSeconds(0.2);

    public TimeSpan Prefill { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Between two output tokens.</summary>
    public TimeSpan Token { get; init; } = TimeSpan.FromMilliseconds(0.5);

    /// <summary>Added before the first token when a prefill worker did the prefill.</summary>
    public TimeSpan Transfer { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// How long a frontend without a worker looks out for one before it answers 503. In the published runs a request that failed for want
    /// of a worker took its client about 1.8 s, of which 1 s is the retry delay.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.Zero;

    /// <summary>Relative half-width of the spread of all of these times, 0 to 1.</summary>
    public double Jitter { get; init; } = 0.05;

    /// <summary>Requests that an engine works on at once, as vLLM's max_num_seqs; more than that wait.</summary>
    public int MaximumRunning { get; init; } = 256;

    public long Seed { get; init; }

    public string PodName { get; init; } = "local";

    public string PodNamespace { get; init; } = "default";

    public string? PodIp { get; init; }

    /// <summary>The pod's uid (POD_UID); null where nobody says.</summary>
    public string? PodUid { get; init; }

    /// <summary>Port of /health, /live and /metrics of a worker (DYN_SYSTEM_PORT).</summary>
    public int SystemPort { get; init; } = 9090;

    /// <summary>Port on which a worker takes requests from frontends and from other workers.</summary>
    public int RequestPort { get; init; } = 9345;

    /// <summary>Port of the frontend when the command line names none (DYN_HTTP_PORT, DYNAMO_PORT).</summary>
    public int HttpPort { get; init; } = 8000;

    /// <summary>DYN_LOGGING_JSONL.</summary>
    public bool JsonLines { get; init; }

    /// <summary>Name of the graph that the pod belongs to (DYN_PARENT_DGD_K8S_NAME).</summary>
    public string? GraphName { get; init; }

    /// <summary>
    /// Dynamo's own namespace (DYN_NAMESPACE): all that is registered in it, in the Kubernetes namespace, is one service.
    /// </summary>
    public string? DynamoNamespace { get; init; }

    /// <summary>Label selector of the graph's pods, where the graph is no DynamoGraphDeployment.</summary>
    public string? WorkerSelector { get; init; }

    /// <summary>How many reconciles of each graph the operator lets fail (STANDIN_RECONCILE_ERRORS).</summary>
    public int ReconcileErrors { get; init; }

    /// <summary>Number of the engine in a failover pod (ENGINE_ID); null elsewhere.</summary>
    public int? EngineNumber { get; init; }

    /// <summary>Settings of profile today; null in the others.</summary>
    public TodaySettings? Today { get; init; }

    /// <summary>Reads the settings; throws <see cref="UsageException"/> with the variable's name for a value out of range.</summary>
    public static StandInSettings FromEnvironment(Func<string, string?> variable)
    {
        var otherwise = new StandInSettings();
        return new()
        {
            EngineStart = Time("STANDIN_ENGINE_START_SECONDS", otherwise.EngineStart, TimeSpan.FromSeconds(1)),
            FrontendStart = Time("STANDIN_FRONTEND_START_SECONDS", otherwise.FrontendStart, TimeSpan.FromSeconds(1)),
            Prefill = Time("STANDIN_PREFILL_MS", otherwise.Prefill, TimeSpan.FromMilliseconds(1)),
            Token = Time("STANDIN_TOKEN_MS", otherwise.Token, TimeSpan.FromMilliseconds(1)),
            Transfer = Time("STANDIN_TRANSFER_MS", otherwise.Transfer, TimeSpan.FromMilliseconds(1)),
            Patience = Time("STANDIN_PATIENCE_MS", otherwise.Patience, TimeSpan.FromMilliseconds(1)),
            Jitter = Number("STANDIN_JITTER", otherwise.Jitter, 0, 1),
            MaximumRunning = (int)Number("STANDIN_MAX_RUNNING", otherwise.MaximumRunning, 1, 1_000_000),
            Seed = (long)Number("STANDIN_SEED", 0, -9e15, 9e15),
            PodName = Text("POD_NAME") ?? otherwise.PodName,
            PodNamespace = Text("POD_NAMESPACE") ?? otherwise.PodNamespace,
            PodIp = Text("POD_IP"),
            PodUid = Text("POD_UID"),
            SystemPort = (int)Number("DYN_SYSTEM_PORT", otherwise.SystemPort, 0, 65535),
            RequestPort = (int)Number("STANDIN_REQUEST_PORT", otherwise.RequestPort, 1, 65535),
            HttpPort = (int)Number(Text("DYN_HTTP_PORT") is null ? "DYNAMO_PORT" : "DYN_HTTP_PORT", otherwise.HttpPort, 0, 65535),
            JsonLines =
                Text("DYN_LOGGING_JSONL") is { } jsonl && (jsonl is "1" || jsonl.Equals("true", StringComparison.OrdinalIgnoreCase)),
            GraphName = Text("DYN_PARENT_DGD_K8S_NAME"),
            DynamoNamespace = Text("DYN_NAMESPACE"),
            WorkerSelector = Text("STANDIN_WORKER_SELECTOR"),
            ReconcileErrors = (int)Number("STANDIN_RECONCILE_ERRORS", 0, 0, 1_000_000),
            EngineNumber = Text("ENGINE_ID") is null ? null : (int)Number("ENGINE_ID", 0, 0, 1000),
            Today = TodaySettings.FromEnvironment(variable),
        };

        string? Text(string name) => variable(name) is { Length: > 0 } text ? text : null;

        TimeSpan Time(string name, TimeSpan fallback, TimeSpan unit) => Number(name, fallback / unit, 0, 86_400_000) * unit;

        double Number(string name, double fallback, double least, double most)
        {
            if (Text(name) is not { } text)
            {
                return fallback;
            }

            return
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw new UsageException($"{name} is '{text}', but must be a number from {least} to {most}");
        }
    }
}

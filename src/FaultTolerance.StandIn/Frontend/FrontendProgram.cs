using FaultTolerance.StandIn.Frontend.Today;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>The OpenAI-compatible frontend of a graph.</summary>
internal static class FrontendProgram
{
    private const string Target = "dynamo.frontend";

    // Upstream's DYN_HTTP_GRACEFUL_SHUTDOWN_TIMEOUT_SECS.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookWithin = TimeSpan.FromMilliseconds(250);

    /// <summary>For the end of answers that are written already.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs until a stop signal; then 0.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        StandInSettings settings,
        ConsoleLog log,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var options = CommandOptions.Parse(Target, arguments, [], ["--http-port", "--port", "--http-host", "--migration-limit"]);
        var port = options.Number(options.Has("--http-port") ? "--http-port" : "--port", settings.HttpPort, 0, 65535);
        var today = settings.Today is { } given
            ? given with { MigrationLimit = options.Number("--migration-limit", given.MigrationLimit, 0, TodaySettings.MostMigrations) }
            : null;
        var api = ClusterConfig.FromEnvironment(Environment.GetEnvironmentVariable);
        var selector = SelectorOf(settings);
        log.Info(Target, $"starting frontend, pod {settings.PodName}, workers by {selector}");
        if (options.Ignored.Count > 0)
        {
            log.Info(Target, $"options without a meaning for the stand-in: {string.Join(' ', options.Ignored)}");
        }

        var jitter = new Jitter(settings.Jitter, settings.Seed, settings.PodName);
        await Task.Delay(jitter.Spread(settings.FrontendStart), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stop.IsCancellationRequested)
        {
            return 0;
        }

        using var kubernetes = new KubernetesApi(api);
        // The workers are let go only after the last connection: a frontend that is told to stop must not answer that it has none.
        using var ended = new CancellationTokenSource();
        using var table = today is null
            ? null
            : new InstanceTable(today, time, new(today.Texts, settings.DynamoNamespace ?? "dynamo", log));
        var cards = today is { Discovery: DiscoveryBackend.Kubernetes }
            ? await WorkerCards.FindAsync(kubernetes, settings.PodNamespace, stop)
            : null;
        var endpoints = cards is null ? null : new ReadyEndpoints(table!);
        var workers = new WorkerRegistry(settings, log, time, (IWorkerDiscovery?)endpoints ?? table, ended.Token);
        var metrics = new FrontendMetrics(() =>
            table is null ? workers.ReadyWorkers : table.Decode.Count(static instance => !instance.Leaving)
        );
        var routes = table is null ? null : new TodayRoutes(new(table, today!, metrics, log, time), table, metrics, settings, time);
        // Workers are looked for before it listens, as upstream reads what is registered, so that the first request finds one that is
        // there.
        var watch = Task.WhenAll(
            WatchAsync($"/api/v1/namespaces/{settings.PodNamespace}/pods", selector, workers),
            cards is null ? Task.CompletedTask : WatchAsync(cards.Slices, WorkerCards.SliceSelector, endpoints!.Slices),
            cards is null ? Task.CompletedTask : WatchAsync(cards.Cards, null, endpoints!.Cards));
        if (today is not null)
        {
            await workers.LookedAsync(LookWithin, stop);
        }

        var server = await HttpServer.StartAsync(
            BindAddress.For(settings.PodIp),
            port,
            routes is null ? new FrontendRoutes(workers, metrics, time).AnswerAsync : routes.AnswerAsync
        );
        log.Info(Target, $"listening on port {port}");
        await watch;
        log.Info(Target, "shutting down");
        if (routes is not null)
        {
            routes.Drain();
            log.Info("dynamo_llm::http::service::service_v2", "frontend service entering draining stage");
            await IdleAsync(metrics, today!.FrontendGrace, time);
            log.Info("dynamo_llm::http::service::service_v2", "frontend service entering stopping stage");
        }

        await server.DrainAsync(routes is null ? Grace : LastWords, time);
        await server.DisposeAsync();
        await ended.CancelAsync();
        return 0;

        Task WatchAsync(string path, string? labels, IResourceSink sink) =>
            new ResourceWatch(kubernetes, path, labels, sink, log, time, jitter).RunAsync(stop);
    }

    private static async Task IdleAsync(FrontendMetrics metrics, TimeSpan grace, TimeProvider time)
    {
        using var within = new CancellationTokenSource(grace, time);
        await metrics.InFlight.IdleAsync().WaitAsync(within.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static string SelectorOf(StandInSettings settings) =>
        settings.WorkerSelector
        ?? (
            settings.DynamoNamespace is { } dynamoNamespace ? $"{GraphLabels.DynamoNamespace}={GraphLabels.ValueOf(dynamoNamespace)}" : null
        )
        ?? (settings.GraphName is { } graph ? $"{GraphLabels.Graph}={graph}" : null)
        ?? throw new UsageException(
            "dynamo.frontend: none of DYN_NAMESPACE, DYN_PARENT_DGD_K8S_NAME and STANDIN_WORKER_SELECTOR is set, so no workers can be found"
        );
}

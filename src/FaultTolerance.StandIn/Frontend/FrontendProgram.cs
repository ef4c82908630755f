using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>The OpenAI-compatible frontend of a graph.</summary>
internal static class FrontendProgram
{
    private const string Target = "dynamo.frontend";

    // Upstream's DYN_HTTP_GRACEFUL_SHUTDOWN_TIMEOUT_SECS.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs until a stop signal; then 0.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, StandInSettings settings, ConsoleLog log, TimeProvider time, CancellationToken stop)
    {
        var options = CommandOptions.Parse(Target, arguments, [], ["--http-port", "--port", "--http-host"]);
        var port = options.Number(options.Has("--http-port") ? "--http-port" : "--port", settings.HttpPort, 0, 65535);
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
        var workers = new WorkerRegistry(settings, log, time, ended.Token);
        var routes = new FrontendRoutes(workers, new FrontendMetrics(workers), time);
        var server = await HttpServer.StartAsync(BindAddress.For(settings.PodIp), port, routes.AnswerAsync);
        log.Info(Target, $"listening on port {port}");
        await new ResourceWatch(kubernetes, $"/api/v1/namespaces/{settings.PodNamespace}/pods", selector, workers, log, time, jitter).RunAsync(stop);
        log.Info(Target, "shutting down");
        await server.DrainAsync(Grace, time);
        await server.DisposeAsync();
        await ended.CancelAsync();
        return 0;
    }

    private static string SelectorOf(StandInSettings settings) =>
        settings.WorkerSelector
        ?? (settings.GraphName is { } graph ? $"{GraphLabels.Graph}={graph}" : null)
        ?? throw new UsageException("dynamo.frontend: neither DYN_PARENT_DGD_K8S_NAME nor STANDIN_WORKER_SELECTOR is set, so the graph's workers cannot be found");
}

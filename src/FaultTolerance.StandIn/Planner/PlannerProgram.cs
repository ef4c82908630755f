using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Metrics;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Planner;

/// <summary>
/// The planner: it plans nothing, but scales the components of its graph when it is told to, by
/// <c>STANDIN_PLANNER_SCALE=NAME=REPLICAS@SECONDS[,…]</c>, seconds after its start.
/// </summary>
internal static class PlannerProgram
{
    private const string Target = "dynamo.planner";
    private const int MetricsPort = 9085;
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Runs until a stop signal; then 0.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        StandInSettings settings,
        ConsoleLog log,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var options = CommandOptions.Parse(Target, arguments, [], ["--config", "--metrics-port"]);
        var plan = ScaleStep.Parse(Environment.GetEnvironmentVariable("STANDIN_PLANNER_SCALE") ?? "");
        var graph = settings.GraphName
            ?? throw new UsageException($"{Target}: DYN_PARENT_DGD_K8S_NAME is not set, so there is no graph to scale");
        using var api = new KubernetesApi(ClusterConfig.FromEnvironment(Environment.GetEnvironmentVariable));
        var started = time.GetTimestamp();
        var registry = new MetricRegistry();
        var scaled = registry.Counter("dynamo_planner_scalings_total", "Components that were scaled.");
        registry.Gauge("dynamo_component_uptime_seconds", "Since the planner's start.", [], () =>
            time.GetElapsedTime(started).TotalSeconds
        );
        var address = BindAddress.For(settings.PodIp);
        var port = options.Number("--metrics-port", MetricsPort, 0, 65535);
        await using var metrics = await HttpServer.StartAsync(address, port, context => AnswerAsync(context, registry));
        await using var system = await HttpServer.StartAsync(address, settings.SystemPort, context => AnswerAsync(context, registry));
        log.Info(Target, $"planner of {graph}, {plan.Length} steps");
        foreach (var step in plan)
        {
            await DelayAsync(step.At - time.GetElapsedTime(started), time, stop);
            while (!stop.IsCancellationRequested && !await TryScaleAsync(api, settings.PodNamespace, graph, step, log, stop))
            {
                await DelayAsync(AgainAfter, time, stop);
            }

            scaled.Add();
        }

        await DelayAsync(Timeout.InfiniteTimeSpan, time, stop);
        return 0;
    }

    private static Task AnswerAsync(HttpContext context, MetricRegistry registry) => context.Request.Path.Value switch
    {
        "/metrics" => HttpAnswers.TextAsync(context, registry.ToString(), MetricRegistry.ContentType),
        "/live" or "/health" => HttpAnswers.JsonAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "ready"u8);
            json.WriteEndObject();
        }),
        _ => HttpAnswers.JsonAsync(context, StatusCodes.Status404NotFound, json =>
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }),
    };

    private static async Task<bool> TryScaleAsync(
        KubernetesApi api,
        string inNamespace,
        string name,
        ScaleStep step,
        ConsoleLog log,
        CancellationToken stop
    )
    {
        try
        {
            var path = $"/apis/nvidia.com/v1alpha1/namespaces/{inNamespace}/dynamographdeployments/{name}";
            var graph = await api.GetAsync(path, stop);
            if (step.PatchOf(graph) is not { } patch)
            {
                log.Error(Target, $"{name} has no component {step.Component}");
                return true;
            }

            await api.MergePatchAsync(path, patch, stop);
            log.Info(Target, $"scaled {step.Component} to {step.Replicas}");
            return true;
        }
        catch (Exception failure) when (failure is KubernetesException or HttpRequestException)
        {
            log.Warn(Target, failure.Message);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task DelayAsync(TimeSpan delay, TimeProvider time, CancellationToken stop)
    {
        if (delay > TimeSpan.Zero || delay == Timeout.InfiniteTimeSpan)
        {
            await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

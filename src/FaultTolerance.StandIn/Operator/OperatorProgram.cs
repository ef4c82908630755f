using FaultTolerance.StandIn.Grove;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>The operator: DynamoGraphDeployments become Deployments and Services, on any cluster.</summary>
internal static class OperatorProgram
{
    public const string Target = "operator";
    private const string Group = "/apis/nvidia.com";
    private static readonly TimeSpan DiscoverEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromMinutes(5);

    /// <summary>Runs until a stop signal; then 0.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        StandInSettings settings,
        ConsoleLog log,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var options = OperatorOptions.Parse(arguments, settings.PodNamespace) with
        {
            Today = settings.Today is not null,
            FailFirst = settings.ReconcileErrors,
        };
        using var api = new KubernetesApi(ClusterConfig.FromEnvironment(Environment.GetEnvironmentVariable));
        var jitter = new Jitter(settings.Jitter, settings.Seed, settings.PodName);
        try
        {
            await RunAsync(api, options, log, time, jitter, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.Info(Target, "shutting down");
        }

        return 0;
    }

    private static async Task RunAsync(
        KubernetesApi api,
        OperatorOptions options,
        ConsoleLog log,
        TimeProvider time,
        Jitter jitter,
        CancellationToken stop
    )
    {
        var group = $"{Group}/{await DiscoverVersionAsync(api, log, time, stop)}";
        log.Info(
            Target,
            $"looking after DynamoGraphDeployments by {group}, {(options.Namespace is { } one ? $"namespace {one}" : "all namespaces")}"
        );
        options = options with { Grove = await GroveSide.IsServedAsync(api, stop) };
        if (options.Grove)
        {
            log.Info(Target, "graphs that do not refuse Grove become PodCliqueSets");
        }

        GraphReconciler? reconciler = null;
        var queue = new ReconcileQueue((key, cancellation) => reconciler!.ReconcileAsync(key, cancellation), log, time, jitter);
        var graphs = new ObjectCache(ObjectCache.KeyOf, queue.Add, GraphReconciler.IsNews);
        var deployments = new ObjectCache(
            static item =>
                item.At("metadata", "labels", GraphLabels.Graph).Text() is { } graph
                    ? $"{item.At("metadata", "namespace").Text()}/{graph}"
                    : null,
            queue.Add
        );
        var grove = options.Grove ? new GroveSide(api, options, queue.Add, log, time, jitter) : null;
        reconciler = new(api, options, group, graphs, deployments, grove, log, time);

        var watches = Task.WhenAll(
            new ResourceWatch(api, options.Collection(group, "dynamographdeployments"), null, graphs, log, time, jitter).RunAsync(stop),
            new ResourceWatch(
                api,
                options.Collection(GraphPlan.Apps, "deployments"),
                GraphLabels.Graph,
                deployments,
                log,
                time,
                jitter
            ).RunAsync(stop),
            grove?.RunAsync(stop) ?? Task.CompletedTask
        );
        await Task.WhenAll(graphs.Listed, deployments.Listed, grove?.Listed ?? Task.CompletedTask).WaitAsync(stop);
        _ = LookAgainAsync();
        await queue.RunAsync(stop);
        await watches;

        async Task LookAgainAsync()
        {
            using var timer = new PeriodicTimer(LookAgainEvery, time);
            while (await timer.WaitForNextTickAsync(stop))
            {
                reconciler.ForgetApplied();
                foreach (var key in graphs.Keys)
                {
                    queue.Add(key);
                }
            }
        }
    }

    /// <summary>v1alpha1 where it is served, otherwise the version the group prefers; waits where the CRD is not there yet.</summary>
    private static async Task<string> DiscoverVersionAsync(KubernetesApi api, ConsoleLog log, TimeProvider time, CancellationToken stop)
    {
        for (var told = false; ; told = true)
        {
            try
            {
                if (
                    await api.TryGetAsync(Group, stop) is { } found
                    && (found["versions"].Array() ?? []).Select(version => version.At("version").Text()).OfType<string>().ToList()
                        is { Count: > 0 } versions
                )
                {
                    return versions.Contains("v1alpha1", StringComparer.Ordinal)
                        ? "v1alpha1"
                        : found.At("preferredVersion", "version").Text() ?? versions[0];
                }

                if (!told)
                {
                    log.Warn(Target, "the cluster does not serve nvidia.com yet; apply deploy/stand-in/crd.yaml");
                }
            }
            catch (Exception failure) when (failure is KubernetesException or HttpRequestException)
            {
                log.Warn(Target, failure.Message);
            }

            await Task.Delay(DiscoverEvery, time, stop);
        }
    }
}

using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Runs;

namespace FaultTolerance.Collection;

/// <summary>
/// Asks each running pod of a graph for <c>/metrics</c> through the whole load, and keeps the answers as <see cref="MetricsLog"/> does. The
/// first look comes before the load and the last after it, so that what the pods counted between them is the load's. A pod that answers
/// late is asked again only when it has answered: the sampler adds no load to what it watches.
/// </summary>
internal sealed class MetricsSampler : IAsyncDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    // Nobody waits longer for a look of which the load's begin, or the row's end, waits.
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(2);
    private const int SamplesPerLoad = 60;
    private const int LongestError = 300;

    private readonly Func<IReadOnlyList<GraphPod>> _list;
    private readonly Func<GraphPod, CancellationToken, Task<string>> _ask;
    private readonly ScenarioFolder _folder;
    private readonly RunClock _clock;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, Sampled> _pods = new(StringComparer.Ordinal);
    private Task _running = Task.CompletedTask;
    private PodMetricsClient? _client;
    private FaultMatrixException? _failure;

    private MetricsSampler(
        Func<IReadOnlyList<GraphPod>> list,
        Func<GraphPod, CancellationToken, Task<string>> ask,
        ScenarioFolder folder,
        RunClock clock
    ) => (_list, _ask, _folder, _clock) = (list, ask, folder, clock);

    /// <summary>How often pods are asked in a load of that length: about 60 times, every 0.5 s at most and every 5 s at least.</summary>
    public static TimeSpan Every(TimeSpan load) =>
        TimeSpan.FromTicks(Math.Clamp(load.Ticks / SamplesPerLoad, Shortest.Ticks, Longest.Ticks));

    /// <summary>The first look at each pod: done when all have answered, or two seconds are over.</summary>
    public Task FirstLook { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to sample, through the API server as everything does.</summary>
    /// <param name="session">The cluster; the caller's.</param>
    /// <param name="watch">Tells which pods run; the caller's.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="clock">Stamps.</param>
    /// <param name="every">Between two samples of a pod.</param>
    public static MetricsSampler Start(ClusterSession session, GraphWatch watch, ScenarioFolder folder, RunClock clock, TimeSpan every)
    {
        ArgumentNullException.ThrowIfNull(watch);
        var client = new PodMetricsClient(session);
        var sampler = Start(() => watch.Pods, client.AskAsync, folder, clock, every);
        sampler._client = client;
        return sampler;
    }

    internal static MetricsSampler Start(
        Func<IReadOnlyList<GraphPod>> pods,
        Func<GraphPod, CancellationToken, Task<string>> ask,
        ScenarioFolder folder,
        RunClock clock,
        TimeSpan every
    )
    {
        var sampler = new MetricsSampler(pods, ask, folder, clock);
        sampler._running = sampler.RunAsync(every);
        return sampler;
    }

    /// <summary>Ends the sampling with a last look at each pod. Can be called again.</summary>
    /// <returns>A file that could not be written (FT0705), or null.</returns>
    public async Task<FaultMatrixException?> StopAsync()
    {
        if (!_ended.IsCancellationRequested)
        {
            await _ended.CancelAsync();
            await _running;
            // One that is under way was asked before the load's end.
            await LimitAsync(Task.WhenAll(_pods.Values.Select(pod => pod.Latest)));
            Look();
            await LimitAsync(Task.WhenAll(_pods.Values.Select(pod => pod.Latest)));
            await _stop.CancelAsync();
        }

        await Task.WhenAll(_pods.Values.Select(pod => pod.Latest));
        return _failure ?? _pods.Values.Select(pod => pod.Log.Failure).FirstOrDefault(failure => failure is not null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var pod in _pods.Values)
        {
            pod.Log.Dispose();
        }

        _client?.Dispose();
        _ended.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(TimeSpan every)
    {
        using var timer = new PeriodicTimer(every, _clock.Time);
        try
        {
            Look();
            FirstLook = LimitAsync(Task.WhenAll(_pods.Values.Select(pod => pod.Latest)));
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }
    }

    private void Look()
    {
        foreach (
            var pod in _list().Where(pod =>
                !pod.IsHeadless && pod.MainStatus?.State?.Running is not null && pod.Object.Metadata.DeletionTimestamp is null)
        )
        {
            if (TryFind(pod) is { } sampled && sampled.Latest.IsCompleted)
            {
                sampled.Latest = SampleAsync(pod, sampled.Log);
            }
        }
    }

    private Task<Task> LimitAsync(Task look) => Task.WhenAny(look, Task.Delay(LookLimit, _clock.Time, _stop.Token));

    // Null for a pod whose file cannot be made; that is told at the end, and stops nothing.
    private Sampled? TryFind(GraphPod pod)
    {
        if (!_pods.TryGetValue(pod.Uid, out var sampled))
        {
            var path = Path.Combine(_folder.Service(pod.Service.Name), $"{pod.Name}.metrics.jsonl");
            try
            {
                ResultAccess.CreateFolder(Path.GetDirectoryName(path)!);
                _pods[pod.Uid] = sampled = new Sampled(new MetricsLog(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _failure ??= new FaultMatrixException("FT0705", $"'{path}' cannot be written: {e.Message}", e);
            }
        }

        return sampled;
    }

    private async Task SampleAsync(GraphPod pod, MetricsLog log)
    {
        var (asked, from) = (_clock.Now, _clock.Time.GetTimestamp());
        using var limit = new CancellationTokenSource(AnswerLimit, _clock.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        try
        {
            var text = await _ask(pod, both.Token);
            log.Answered(asked, _clock.Time.GetElapsedTime(from), text);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // A sample that the end of the load overtook.
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or FaultMatrixException)
        {
            // The pod may just be what the fault has hit: that it does not answer is what there is to know.
            log.Failed(
                asked,
                e is OperationCanceledException
                    ? $"no answer within {AnswerLimit.TotalSeconds:0} s"
                    : ForeignText.Line(e.GetBaseException().Message, LongestError),
                lasting: e is NoMetricsException
            );
        }
    }

    private sealed class Sampled(MetricsLog log)
    {
        public MetricsLog Log { get; } = log;

        public Task Latest { get; set; } = Task.CompletedTask;
    }
}

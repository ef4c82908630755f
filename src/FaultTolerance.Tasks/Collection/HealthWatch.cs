using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;

namespace FaultTolerance.Collection;

/// <summary>
/// Asks pods for <c>/health</c> twice a second through a load, and writes each change of the answer to the timeline
/// (<see cref="HealthAnswered"/>). What fails on our own way there says nothing of the pod.
/// </summary>
internal sealed class HealthWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly Func<IEnumerable<GraphPod>> _pods;
    private readonly Func<GraphPod, CancellationToken, Task<int>> _ask;
    private readonly TimelineWriter _timeline;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, Asked> _asked = new(StringComparer.Ordinal);
    private Task _running = Task.CompletedTask;
    private PodMetricsClient? _client;

    private HealthWatch(Func<IEnumerable<GraphPod>> pods, Func<GraphPod, CancellationToken, Task<int>> ask, TimelineWriter timeline) =>
        (_pods, _ask, _timeline) = (pods, ask, timeline);

    /// <summary>Begins to ask.</summary>
    /// <param name="session">The cluster; the caller's.</param>
    /// <param name="watch">Tells which pods there are; the caller's.</param>
    /// <param name="wanted">Tells by a service's name whether its pods are asked.</param>
    /// <param name="timeline">Where answers are written.</param>
    public static HealthWatch Start(ClusterSession session, GraphWatch watch, Func<string, bool> wanted, TimelineWriter timeline)
    {
        ArgumentNullException.ThrowIfNull(watch);
        var client = new PodMetricsClient(session);
        var health = Start(
            () => watch.Pods.Where(pod => wanted(pod.Service.Name) && pod is { IsHeadless: false, IsTerminating: false }),
            client.HealthAsync, timeline);
        health._client = client;
        return health;
    }

    /// <summary>The same with its parts.</summary>
    internal static HealthWatch Start(
        Func<IEnumerable<GraphPod>> pods, Func<GraphPod, CancellationToken, Task<int>> ask, TimelineWriter timeline)
    {
        var watch = new HealthWatch(pods, ask, timeline);
        watch._running = watch.RunAsync();
        return watch;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Task.WhenAll(_asked.Values.Select(asked => asked.Look));
        _client?.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Every, _timeline.Clock.Time);
        try
        {
            do
            {
                var pods = _pods().ToDictionary(pod => pod.Uid, StringComparer.Ordinal);
                foreach (var gone in _asked.Where(pair => !pods.ContainsKey(pair.Key) && pair.Value.Look.IsCompleted).ToList())
                {
                    _asked.Remove(gone.Key);
                    Tell(gone.Value, null);
                }

                foreach (var (uid, pod) in pods)
                {
                    var asked = _asked.TryGetValue(uid, out var known) ? known : _asked[uid] = new Asked(pod.Service.Name, pod.Name);
                    if (asked.Look.IsCompleted)
                    {
                        asked.Look = AskAsync(pod, asked);
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }
    }

    private async Task AskAsync(GraphPod pod, Asked asked)
    {
        using var limit = new CancellationTokenSource(Limit, _timeline.Clock.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        try
        {
            Tell(asked, await _ask(pod, both.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // An answer that the end of the load overtook.
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or FaultMatrixException)
        {
            if ((e as TransportException ?? e.InnerException as TransportException)?.Outcome != Outcome.Transport)
            {
                Tell(asked, 0);
            }
        }
    }

    private void Tell(Asked asked, int? status)
    {
        if (status != asked.Status)
        {
            asked.Status = status;
            _timeline.Write(new HealthAnswered(asked.Service, asked.Pod, status));
        }
    }

    private sealed class Asked(string service, string pod)
    {
        public string Service { get; } = service;

        public string Pod { get; } = pod;

        public int? Status { get; set; }

        public Task Look { get; set; } = Task.CompletedTask;
    }
}

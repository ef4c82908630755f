using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Api;
using FaultTolerance.Load;

namespace FaultTolerance.Graphs.Transport;

/// <summary>
/// Looks once a second through a load whether our own way to each frontend carries: whether a port-forward to it opens. A request that is
/// never answered does not tell a dead service from a stopped kubelet; this does. What it finds stands in the timeline
/// (<see cref="WayChanged"/>).
/// </summary>
internal sealed class WayWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ServerLimit = TimeSpan.FromSeconds(2);
    private readonly Func<FrontendEndpoint, CancellationToken, ValueTask<Stream>> _open;
    private readonly Func<CancellationToken, Task> _askServer;
    private readonly TimelineWriter _timeline;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<FrontendEndpoint, Way> _ways = [];
    private Task _running = Task.CompletedTask;

    private WayWatch(
        Func<FrontendEndpoint, CancellationToken, ValueTask<Stream>> open,
        Func<CancellationToken, Task> askServer,
        TimelineWriter timeline) =>
        (_open, _askServer, _timeline) = (open, askServer, timeline);

    /// <summary>Begins to look.</summary>
    /// <param name="session">The cluster; the caller's.</param>
    /// <param name="transport">Tells the frontends, and opens port-forwards to them; the caller's.</param>
    /// <param name="timeline">Where findings are written.</param>
    public static WayWatch Start(ClusterSession session, IFrontendTransport transport, TimelineWriter timeline)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(transport);
        async Task AskAsync(CancellationToken cancellation) =>
            (await session.Api.OpenAsync(new ApiCall("get", "/version", null), "/version", cancellation)).Dispose();
        return Start(() => transport.Ready, transport.ConnectAsync, AskAsync, timeline);
    }

    /// <summary>The same with its parts.</summary>
    internal static WayWatch Start(
        Func<IReadOnlyList<FrontendEndpoint>> frontends,
        Func<FrontendEndpoint, CancellationToken, ValueTask<Stream>> open,
        Func<CancellationToken, Task> askServer,
        TimelineWriter timeline)
    {
        var watch = new WayWatch(open, askServer, timeline);
        watch._running = watch.RunAsync(frontends);
        return watch;
    }

    /// <summary>Ends, once the looks that are under way have found what there is: within five seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Task.WhenAll(_ways.Values.Select(way => way.Look));
        _stop.Dispose();
    }

    private async Task RunAsync(Func<IReadOnlyList<FrontendEndpoint>> frontends)
    {
        using var timer = new PeriodicTimer(Every, _timeline.Clock.Time);
        try
        {
            do
            {
                // A way that is broken is looked at until it carries, though its frontend be counted as ready no more.
                foreach (var frontend in frontends().Union(_ways.Where(pair => pair.Value.IsBroken).Select(pair => pair.Key)).ToArray())
                {
                    if (!_ways.TryGetValue(frontend, out var way))
                    {
                        _ways.Add(frontend, way = new Way());
                    }

                    if (way.Look.IsCompleted)
                    {
                        way.Look = LookAsync(frontend, way, frontends);
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

    // Of a frontend that ceased to be ready meanwhile it is the pod that is going, and no news of the way.
    private async Task LookAsync(FrontendEndpoint frontend, Way way, Func<IReadOnlyList<FrontendEndpoint>> frontends)
    {
        var began = _timeline.Clock.Now;
        var broken = await TryAsync(frontend);
        if (broken is not null && !way.IsBroken)
        {
            if (!frontends().Contains(frontend))
            {
                return;
            }

            _timeline.Write(new WayChanged(frontend.Pod, Open: false, broken, began.UtcTicks));
        }
        else if (broken is null && way.IsBroken)
        {
            _timeline.Write(new WayChanged(frontend.Pod, Open: true, null, null));
        }

        way.IsBroken = broken is not null;
    }

    // What is broken; null where a port-forward opens, or is refused for the pod's sake.
    private async Task<string?> TryAsync(FrontendEndpoint frontend)
    {
        using var limit = new CancellationTokenSource(Limit, _timeline.Clock.Time);
        try
        {
            await (await _open(frontend, limit.Token)).DisposeAsync();
            return null;
        }
        catch (TransportException e)
        {
            return e.Outcome == Outcome.Transport ? e.Message : null;
        }
        catch (OperationCanceledException)
        {
            return $"no port-forward to {frontend.Pod} opens within {Limit.TotalSeconds:0} s; {await ServerAsync()}";
        }
    }

    private async Task<string> ServerAsync()
    {
        using var limit = new CancellationTokenSource(ServerLimit, _timeline.Clock.Time);
        try
        {
            await _askServer(limit.Token);
            return "the API server answers, so it is the kubelet of the pod's node, or what lies between the two";
        }
        catch (Exception e) when (e is OperationCanceledException or ClusterException)
        {
            return $"the API server does not answer either{(e is ClusterException ? $": {e.Message}" : "")}";
        }
    }

    private sealed class Way
    {
        public Task Look { get; set; } = Task.CompletedTask;

        public bool IsBroken { get; set; }
    }
}

using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using k8s.Models;

namespace FaultTolerance.Graphs.Pods;

/// <summary>
/// Watches a graph's pods and endpoints from Deploy to Teardown, writes each transition to the timeline, and lets others wait for
/// states. One watch serves them all: readiness, frontends, proofs of faults.
/// </summary>
internal sealed class GraphWatch : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ResolvePause = TimeSpan.FromSeconds(2);
    private readonly ClusterSession _session;
    private readonly GraphPods _resolver;
    private readonly WatchRecord? _record;
    private readonly Neighbourhood _neighbours = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly WatchDoubt _doubt;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _applying = new(1, 1);
    private readonly Dictionary<string, ResourceChange<V1Pod>> _unresolved = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Action<GraphPod, PodTransition>> _transitions = [];
    private readonly List<Action<IReadOnlyList<GraphPod>>> _lists = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableSortedDictionary<string, GraphPod> _pods = ImmutableSortedDictionary<string, GraphPod>.Empty;
    private Task _running = Task.CompletedTask;
    private volatile bool _removed;

    private GraphWatch(ClusterSession session, Graph graph, TimelineWriter? timeline)
    {
        (_session, Graph, _record) = (session, graph, timeline is null ? null : new WatchRecord(timeline));
        _resolver = new GraphPods(session, graph);
        _doubt = new WatchDoubt { Missed = text => _record?.Error("FT0320", text) };
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>Its pods now, in the order of creation, then name.</summary>
    public IReadOnlyList<GraphPod> Pods => [.. _pods.Values.OrderBy(p => p.Created).ThenBy(p => p.Name, StringComparer.Ordinal)];

    /// <summary>Starts, and returns when the first list is in.</summary>
    /// <param name="session">Where.</param>
    /// <param name="graph">What.</param>
    /// <param name="timeline">Where transitions are written; null for nowhere (a second process of the same run).</param>
    /// <param name="cancellation">For the start.</param>
    /// <exception cref="ClusterException">FT0313: the pods cannot be listed within a minute.</exception>
    public static async Task<GraphWatch> StartAsync(
        ClusterSession session,
        Graph graph,
        TimelineWriter? timeline,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        var watch = new GraphWatch(session, graph, timeline);
        watch._running = Task.WhenAll(
            watch.GuardAsync(watch.FollowPodsAsync, watch.Fail),
            watch.GuardAsync(watch.ResolveLaterAsync, watch.Fail),
            watch.GuardAsync(watch.Observe(new EndpointObserver(session, graph).RunAsync), static _ => { }),
            watch.GuardAsync(watch.Observe(new OwnerObserver(session, graph, () => watch._removed).RunAsync), static _ => { }));
        try
        {
            await watch._synced.Task.WaitAsync(StartLimit, session.Time, cancellation);
            return watch;
        }
        catch (TimeoutException e)
        {
            await watch.DisposeAsync();
            throw new ClusterException(
                "FT0313",
                $"the pods in namespace '{session.Namespace}' could not be listed within {StartLimit.TotalSeconds:0} s: {session.Server} does not answer",
                e
            );
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls <paramref name="listener"/> on the watch's own flow for each transition; it must return at once.</summary>
    public void OnTransition(Action<GraphPod, PodTransition> listener)
    {
        lock (_gate)
        {
            _transitions.Add(listener);
        }
    }

    /// <summary>Calls <paramref name="listener"/> with the pods now and after each change; it must return at once.</summary>
    public void OnPods(Action<IReadOnlyList<GraphPod>> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        lock (_gate)
        {
            _lists.Add(listener);
        }

        // Called without the lock, it may come after a later change's call: then once more, with the later state.
        ImmutableSortedDictionary<string, GraphPod> told;
        do
        {
            told = _pods;
            listener(Pods);
        }
        while (told != _pods);
    }

    /// <summary>
    /// Has the watch look for itself: for whoever sees that it may be wrong, as where a pod that it shows is not found. Costs a list at
    /// most
    /// twice a second, however often it is called.
    /// </summary>
    public void Doubt() => _doubt.Raise();

    /// <summary>From now on the graph's end is no surprise.</summary>
    public void ExpectRemoval() => _removed = true;

    /// <summary>From now on the graph's end is somebody else's doing, until <see cref="ExpectRemoval"/> is called.</summary>
    public void ExpectStay() => _removed = false;

    /// <summary>The pod of a uid; null when it is gone.</summary>
    public GraphPod? Find(string uid) => _pods.GetValueOrDefault(uid);

    /// <summary>Waits until <paramref name="condition"/> gives something for the pods; asked again at each change.</summary>
    /// <exception cref="ClusterException">The watch itself was refused.</exception>
    public async Task<T> WhenAsync<T>(Func<IReadOnlyList<GraphPod>, T?> condition, CancellationToken cancellation)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(condition);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (condition(Pods) is { } result)
            {
                return result;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _applying.Dispose();
    }

    private async Task FollowPodsAsync(CancellationToken cancellation)
    {
        await foreach (var change in _session.WatchAsync<V1Pod>(ResourceType.Pods, default, cancellation, _doubt))
        {
            if (change.Kind == ChangeKind.Synced)
            {
                _synced.TrySetResult();
                continue;
            }

            await _applying.WaitAsync(cancellation);
            try
            {
                await TakeAsync(change, cancellation);
            }
            finally
            {
                _applying.Release();
            }
        }
    }

    // An owner that cannot be asked for now is asked for again: other pods do not wait for that.
    private async Task ResolveLaterAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(ResolvePause, _session.Time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await _applying.WaitAsync(cancellation);
            try
            {
                foreach (var change in _unresolved.Values.ToArray())
                {
                    await TakeAsync(change, cancellation);
                }
            }
            finally
            {
                _applying.Release();
            }
        }
    }

    private async Task TakeAsync(ResourceChange<V1Pod> change, CancellationToken cancellation)
    {
        try
        {
            if (await _resolver.ResolveAsync(change.Object!, cancellation) is { } pod)
            {
                _record?.Neighbours(_neighbours.Ours(pod.Object));
                Apply(change.Kind, pod);
            }
            else if (_neighbours.Other(change.Object!, change.Kind == ChangeKind.Deleted) is { } other)
            {
                _record?.Neighbours([other]);
            }

            _unresolved.Remove(change.Key);
        }
        catch (ClusterException e) when (e.IsTransient)
        {
            _unresolved[change.Key] = change;
        }
    }

    private void Apply(ChangeKind kind, GraphPod pod)
    {
        var before = _pods.GetValueOrDefault(pod.Uid);
        var gone = kind == ChangeKind.Deleted;

        // A deletion carries the last state, which may hold more than was seen.
        var transitions = PodTransitions.Between(before?.Object, pod.Object).ToList();
        if (gone)
        {
            transitions.AddRange(PodTransitions.Between(pod.Object, null));
        }

        foreach (var transition in transitions)
        {
            _record?.Write(pod, transition);
        }

        TaskCompletionSource changed;
        Action<GraphPod, PodTransition>[] onTransition;
        Action<IReadOnlyList<GraphPod>>[] onPods;
        lock (_gate)
        {
            _pods = gone ? _pods.Remove(pod.Uid) : _pods.SetItem(pod.Uid, pod);
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (onTransition, onPods) = ([.. _transitions], [.. _lists]);
        }

        foreach (var (transition, listener) in transitions.SelectMany(t => onTransition.Select(l => (t, l))))
        {
            listener(pod, transition);
        }

        foreach (var listener in onPods)
        {
            listener(Pods);
        }

        changed.TrySetResult();
    }

    // What only a record is kept of is not watched by a process that keeps none.
    private Func<CancellationToken, Task> Observe(Func<WatchRecord, CancellationToken, Task> observe) =>
        cancellation => _record is null ? Task.CompletedTask : observe(_record, cancellation);

    private async Task GuardAsync(Func<CancellationToken, Task> follow, Action<Exception> failed)
    {
        try
        {
            await follow(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            failed(new ObjectDisposedException(nameof(GraphWatch)));
        }
        catch (Exception e)
        {
            // The watch's flow is nobody's call: those who wait on it get the error, and the timeline keeps it.
            _record?.Error((e as FaultMatrixException)?.Code ?? "FT0999", e.Message);
            failed(e);
        }
    }

    private void Fail(Exception error)
    {
        lock (_gate)
        {
            _synced.TrySetException(error);
            _changed.TrySetException(error);
            _ = _synced.Task.Exception;
            _ = _changed.Task.Exception;
        }
    }
}

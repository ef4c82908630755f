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
public sealed class GraphWatch : IAsyncDisposable
{
    private readonly ClusterSession _session;
    private readonly GraphPods _resolver;
    private readonly TimelineWriter? _timeline;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Action<GraphPod, PodTransition>> _transitions = [];
    private readonly List<Action<IReadOnlyList<GraphPod>>> _lists = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableSortedDictionary<string, GraphPod> _pods = ImmutableSortedDictionary<string, GraphPod>.Empty;
    private Task _running = Task.CompletedTask;

    private GraphWatch(ClusterSession session, Graph graph, TimelineWriter? timeline)
    {
        (_session, Graph, _timeline) = (session, graph, timeline);
        _resolver = new GraphPods(session, graph);
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
    public static async Task<GraphWatch> StartAsync(ClusterSession session, Graph graph, TimelineWriter? timeline, CancellationToken cancellation)
    {
        var watch = new GraphWatch(session, graph, timeline);
        watch._running = Task.WhenAll(watch.GuardAsync(watch.FollowPodsAsync), watch.GuardAsync(watch.FollowEndpointsAsync));
        try
        {
            await watch._synced.Task.WaitAsync(cancellation);
            return watch;
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
            listener(Pods);
        }
    }

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
    }

    private async Task FollowPodsAsync(CancellationToken cancellation)
    {
        await foreach (var change in _session.WatchAsync<V1Pod>(ResourceType.Pods, default, cancellation))
        {
            if (change.Kind == ChangeKind.Synced)
            {
                _synced.TrySetResult();
            }
            else if (await _resolver.ResolveAsync(change.Object!, cancellation) is { } pod)
            {
                Apply(change.Kind, pod);
            }
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
            Write(pod, transition);
        }

        TaskCompletionSource changed;
        lock (_gate)
        {
            _pods = gone ? _pods.Remove(pod.Uid) : _pods.SetItem(pod.Uid, pod);
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var transition in transitions)
            {
                _transitions.ForEach(listener => listener(pod, transition));
            }

            var pods = Pods;
            _lists.ForEach(listener => listener(pods));
        }

        changed.SetResult();
    }

    private void Write(GraphPod pod, PodTransition transition) => _timeline?.Write(new PodChanged
    {
        Service = pod.Service.Name,
        Pod = pod.Name,
        Uid = pod.Uid,
        Change = transition.Change,
        Container = transition.Container,
        Restarts = transition.Restarts,
        ExitCode = transition.ExitCode,
        Reason = transition.Reason,
        StatusAt = transition.StatusAt?.ToUniversalTime().Ticks,
    });

    private async Task FollowEndpointsAsync(CancellationToken cancellation)
    {
        if (_timeline is null)
        {
            return;
        }

        var known = new Dictionary<string, IReadOnlyDictionary<string, bool>>(StringComparer.Ordinal);
        await foreach (var change in _session.WatchAsync<V1Endpoints>(ResourceType.Endpoints, default, cancellation))
        {
            if (change.Object is null)
            {
                continue;
            }

            var now = change.Kind == ChangeKind.Deleted ? EndpointReadiness.None : EndpointReadiness.Read(change.Object);
            foreach (var (name, ready) in EndpointReadiness.Between(known.GetValueOrDefault(change.Key, EndpointReadiness.None), now))
            {
                if (name.StartsWith($"{Graph.Name}-", StringComparison.Ordinal) && change.Object.Metadata.Name.StartsWith(Graph.Name, StringComparison.Ordinal))
                {
                    _timeline.Write(new EndpointChanged(change.Object.Metadata.Name, name, ready));
                }
            }

            known[change.Key] = now;
        }
    }

    private async Task GuardAsync(Func<CancellationToken, Task> follow)
    {
        try
        {
            await follow(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Fail(new ObjectDisposedException(nameof(GraphWatch)));
        }
        catch (Exception e)
        {
            // The watch's flow is nobody's call: those who wait on it get the error, and the timeline keeps it.
            _timeline?.Write(new ErrorNoted((e as FaultMatrixException)?.Code ?? "FT0901", e.Message));
            Fail(e);
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

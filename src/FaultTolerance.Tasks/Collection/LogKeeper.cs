using System.Collections.Concurrent;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Collection;

/// <summary>
/// Keeps what would be lost before Collect comes: the cluster holds one previous log per container, and none of a pod that is deleted. At
/// each restart the previous log is saved as <c>{Service}/restarts/{pod}.{container}.restart-{n}.previous.log</c>; when somebody deletes
/// a pod, its artefacts are saved as <c>.before_delete</c>.
/// </summary>
internal sealed class LogKeeper : IAsyncDisposable
{
    // What is being saved when Teardown comes gets this long: a log that stalls must not hold up the graph's removal.
    private static readonly TimeSpan LastSaves = TimeSpan.FromSeconds(15);
    private readonly ArtifactCollector _collector;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrentDictionary<string, byte> _saved = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> _saving = [];
    private volatile bool _stopped;

    /// <summary>Listens to <paramref name="watch"/> from now on.</summary>
    public LogKeeper(GraphWatch watch, ArtifactCollector collector)
    {
        ArgumentNullException.ThrowIfNull(watch);
        ArgumentNullException.ThrowIfNull(collector);
        _collector = collector;
        _stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, collector.Time);
        watch.OnTransition(Keep);
    }

    /// <summary>Saves a pod that is about to be deleted by us, once, within 15 s; for <c>FaultOptions.BeforeDelete</c>.</summary>
    public async Task SaveBeforeDeleteAsync(GraphPod pod, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pod);
        using var limit = new CancellationTokenSource(LastSaves, _collector.Time);
        await SaveAsync(pod, cancellation, limit.Token);
    }

    /// <summary>Ends listening (before Teardown deletes everything) and waits for what is being saved.</summary>
    public async Task StopAsync()
    {
        _stopped = true;
        _stop.CancelAfter(LastSaves);
        await EndAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        await _stop.CancelAsync();
        await EndAsync();
        _stop.Dispose();
    }

    private async Task EndAsync()
    {
        // A listener that is just being called may add one more.
        while (_saving.TryTake(out var saving))
        {
            await saving;
        }
    }

    private void Keep(GraphPod pod, PodTransition transition)
    {
        if (_stopped)
        {
            return;
        }

        if (transition is { Change: PodChange.Restarted, Container: { } container })
        {
            var file = Path.Combine("restarts", $"{pod.Name}.{container}.restart-{transition.Restarts}.previous.log");
            Start(() =>
                _collector.GuardAsync(
                    pod,
                    $"log before restart {transition.Restarts}",
                    () => _collector.SaveLogAsync(pod, container, previous: true, file, _stop.Token),
                    _stop.Token
                )
            );
        }
        else if (transition.Change == PodChange.Terminating && !_saved.ContainsKey(pod.Uid))
        {
            Start(() => SaveAsync(pod, CancellationToken.None, _stop.Token));
        }
    }

    private async Task SaveAsync(GraphPod pod, CancellationToken cancellation, CancellationToken giveUp)
    {
        if (_saved.TryAdd(pod.Uid, 0))
        {
            await _collector.CollectPodAsync(pod, ArtifactCollector.BeforeDelete, cancellation, giveUp);
        }
    }

    private void Start(Func<Task> save) => _saving.Add(Task.Run(save, CancellationToken.None));
}

using System.Collections.Concurrent;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Collection;

/// <summary>
/// Keeps what would be lost before Collect comes: the cluster holds one previous log per container, and none of a pod that is deleted. At
/// each restart the previous log is saved as <c>{Service}/restarts/{pod}.{container}.restart-{n}.previous.log</c>; when somebody deletes
/// a pod, its artefacts are saved as <c>.before_delete</c>.
/// </summary>
public sealed class LogKeeper : IAsyncDisposable
{
    private readonly ArtifactCollector _collector;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, byte> _saved = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> _saving = [];
    private volatile bool _stopped;

    /// <summary>Listens to <paramref name="watch"/> from now on.</summary>
    public LogKeeper(GraphWatch watch, ArtifactCollector collector)
    {
        ArgumentNullException.ThrowIfNull(watch);
        _collector = collector;
        watch.OnTransition(Keep);
    }

    /// <summary>Saves a pod that is about to be deleted by us, once; for <c>FaultOptions.BeforeDelete</c>.</summary>
    public async Task SaveBeforeDeleteAsync(GraphPod pod, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pod);
        if (_saved.TryAdd(pod.Uid, 0))
        {
            await _collector.CollectPodAsync(pod, ArtifactCollector.BeforeDelete, cancellation);
        }
    }

    /// <summary>Ends listening (before Teardown deletes everything) and waits for what is being saved.</summary>
    public async Task StopAsync()
    {
        _stopped = true;
        await Task.WhenAll(_saving);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        await _stop.CancelAsync();
        try
        {
            await Task.WhenAll(_saving);
        }
        catch (OperationCanceledException)
        {
            // What was still being saved was given up on purpose.
        }

        _stop.Dispose();
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
            Start(token => _collector.GuardAsync(pod, $"log before restart {transition.Restarts}", () => _collector.SaveLogAsync(pod, container, previous: true, file, token)));
        }
        else if (transition.Change == PodChange.Terminating && !_saved.ContainsKey(pod.Uid))
        {
            Start(token => SaveBeforeDeleteAsync(pod, token));
        }
    }

    private void Start(Func<CancellationToken, Task> save) => _saving.Add(Task.Run(() => save(_stop.Token), _stop.Token));
}

using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Graphs.Transport;
using k8s.Models;

namespace FaultTolerance.Faults.DeletePod;

/// <summary>
/// The end of a deleted pod. That its object is gone is no proof: the API lets go of it at once, also while the kubelet stands still and the
/// pod serves. Proof is that the kubelet told of its containers' end; or that no endpoint leads to it any more and a connection into it,
/// which was held from before the order, ended.
/// </summary>
internal sealed class PodEnd
{
    private const string Ended = "all containers ended";
    private readonly FaultContext _context;
    private readonly GraphPod _pod;
    private readonly PodLine _line;
    private readonly HashSet<string> _running;
    private readonly TaskCompletionSource<DateTimeOffset> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Listens from now on, which has to be before the order.</summary>
    public PodEnd(FaultContext context, GraphPod pod, PodLine line)
    {
        (_context, _pod, _line) = (context, pod, line);
        _running = [.. pod.Object.Spec.Containers.Select(container => container.Name)];
        context.Watch.OnTransition((changed, transition) =>
        {
            if (changed.Uid == pod.Uid && transition.Change == PodChange.ContainerTerminated && transition.Container is { } container)
            {
                lock (_running)
                {
                    if (_running.Remove(container) && _running.Count == 0)
                    {
                        _told.TrySetResult(context.Timeline.Clock.Now);
                    }
                }
            }
        });
    }

    /// <summary>Waits for the proof.</summary>
    /// <param name="missing">Told of what is waited for, each time that this changes.</param>
    /// <param name="cancellation">Its limit.</param>
    public async Task<Landing> WaitAsync(Action<string> missing, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(missing);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var told = _told.Task.WaitAsync(stop.Token);
        var gone = _context.Watch.WhenAsync(_ => GoneOrEnded(), stop.Token);
        var endpoint = EndpointGoneAsync(stop.Token);
        var silent = SilentAsync(stop.Token);
        try
        {
            var end = await gone;
            missing(Missing(endpoint, silent));
            var unreachable = Task.WhenAll(endpoint, silent);
            var first = await Task.WhenAny(told, unreachable);
            if (first == unreachable && !unreachable.IsCompletedSuccessfully)
            {
                // Nothing can be seen of the pod itself: then only the kubelet can tell.
                missing(Missing(endpoint, silent));
                first = told;
            }

            await first;

            // The end of the endpoint and of the object confirm; when it happened tells what saw the processes end.
            var ended = end.EndsWith(Ended, StringComparison.Ordinal) ? end : $"{end}, {Ended}";
            return first == told
                ? new Landing(await told, ended)
                : new Landing(await silent, $"{end}, no endpoint of it left, and a connection into it ended");
        }
        finally
        {
            await stop.CancelAsync();
            await Rest.EndAsync(told, gone, endpoint, silent);
        }
    }

    private async Task<DateTimeOffset> SilentAsync(CancellationToken cancellation)
    {
        await _line.EndedAsync(cancellation);
        return _context.Timeline.Clock.Now;
    }

    private string? GoneOrEnded() => _context.Watch.Find(_pod.Uid) is not { } pod ? "uid gone from the API"
        : pod.IsTerminating && _told.Task.IsCompleted ? $"terminating, {Ended}"
        : null;

    private string Missing(Task endpoint, Task silent)
    {
        string[] open =
        [
            .. endpoint.IsCompletedSuccessfully ? Array.Empty<string>() : ["that no endpoint leads to it any more"],
            .. silent.IsFaulted ? [$"that it serves no more ({silent.Exception!.InnerException!.Message})"]
                : silent.IsCompletedSuccessfully ? Array.Empty<string>() : ["that it serves no more (a connection into it still stands)"],
        ];
        return $"the end of pod '{_pod.Name}' (uid {_pod.Uid}): its object is gone, but the kubelet did not tell of its containers' end; "
            + $"missing is {string.Join(" and ", open)}";
    }

    private async Task EndpointGoneAsync(CancellationToken cancellation)
    {
        var leading = new HashSet<string>(StringComparer.Ordinal);
        var synced = false;
        await foreach (var change in _context.Session.WatchAsync<V1Endpoints>(ResourceType.Endpoints, default, cancellation))
        {
            synced |= change.Kind == ChangeKind.Synced;
            if (change.Object is { } endpoints)
            {
                var leads = change.Kind != ChangeKind.Deleted
                    && (endpoints.Subsets ?? []).SelectMany(subset => (subset.Addresses ?? []).Concat(subset.NotReadyAddresses ?? []))
                        .Any(address => address.TargetRef?.Uid == _pod.Uid);
                _ = leads ? leading.Add(change.Key) : leading.Remove(change.Key);
            }

            if (synced && leading.Count == 0 && _context.Watch.Find(_pod.Uid) is null)
            {
                return;
            }
        }
    }
}

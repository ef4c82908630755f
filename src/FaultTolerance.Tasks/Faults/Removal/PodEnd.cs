using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Graphs.Transport;
using k8s.Models;

namespace FaultTolerance.Faults.Removal;

/// <summary>
/// The end of a deleted pod. That its object is gone is no proof: the API lets go of it at once, also while the kubelet stands still and
/// the pod serves. Proof is that the kubelet told of its containers' end; or that no endpoint leads to it any more and a connection into
/// it, which was held from before the order, ended, or stands and is answered no more (<see cref="PodSilence"/>).
/// </summary>
internal sealed class PodEnd
{
    private const string Ended = "all containers ended";
    private readonly FaultContext _context;
    private readonly GraphPod _pod;
    private readonly PodLine _line;
    private readonly HashSet<string> _running;
    private Task _endpoint = Task.CompletedTask;
    private Task _silent = Task.CompletedTask;
    private readonly PodSilence _silence;
    private readonly TaskCompletionSource<DateTimeOffset> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Listens from now on, which has to be before the order.</summary>
    public PodEnd(FaultContext context, GraphPod pod, PodLine line, PodSilence silence)
    {
        (_context, _pod, _line, _silence) = (context, pod, line, silence);
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

    /// <summary>What of the proof is missing now.</summary>
    public string Missing
    {
        get
        {
            var end = $"the end of pod '{_pod.Name}' (uid {_pod.Uid})";
            string[] open =
            [
                .. _endpoint is { IsCompletedSuccessfully: true } ? Array.Empty<string>() : ["that no endpoint leads to it any more"],
                .. _silent switch
                {
                    { IsCompletedSuccessfully: true } => Array.Empty<string>(),
                    { Exception.InnerException: { } why } => [$"that it serves no more ({why.Message})"],
                    _ => [$"that it serves no more (a connection into it still stands{_silence.State})"],
                },
            ];
            return _context.Watch.Find(_pod.Uid) is not null ? end
                : $"{end}: its object is gone, but the kubelet did not tell of its containers' end; missing is "
                    + $"{string.Join(" and ", open)}";
        }
    }

    /// <summary>Waits for the proof.</summary>
    public async Task<Landing> WaitAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var told = _told.Task.WaitAsync(stop.Token);
        var lineEnds = LineEndAsync(stop.Token);
        _silent = lineEnds;
        Task asking = Task.CompletedTask;
        try
        {
            var end = await _context.Watch.WhenAsync(_ => GoneOrEnded(), stop.Token);
            _endpoint = EndpointGoneAsync(stop.Token);
            var silence = _silence.WaitAsync(stop.Token);
            asking = silence;
            var silent = EitherAsync(lineEnds, silence);
            var unreachable = Task.WhenAll(_endpoint, silent);
            if (await Task.WhenAny(told, unreachable) == unreachable && unreachable.IsCompletedSuccessfully)
            {
                // The end of the endpoint and of the object confirm; when it happened tells what saw the process end.
                var seen = await silent;
                return seen with { Proof = $"{end}, no endpoint of it left, and {seen.Proof}" };
            }

            // Where nothing could be seen of the pod itself, only the kubelet can tell.
            var at = await told;
            return new Landing(at, end.EndsWith(Ended, StringComparison.Ordinal) ? end : $"{end}, {Ended}");
        }
        finally
        {
            await stop.CancelAsync();
            await Rest.EndAsync(told, _endpoint, lineEnds, asking);
        }
    }

    // What succeeds first; where neither can, why the line does not.
    private static async Task<Landing> EitherAsync(Task<Landing> line, Task<Landing> silence)
    {
        var first = await Task.WhenAny(line, silence);
        return first.IsCompletedSuccessfully ? await first
            : first == silence ? await line
            : await Task.WhenAny(silence) is { IsCompletedSuccessfully: true } other ? await other
            : await line;
    }

    private string? GoneOrEnded() => _context.Watch.Find(_pod.Uid) is not { } pod ? "uid gone from the API"
        : pod.IsTerminating && _told.Task.IsCompleted ? $"terminating, {Ended}"
        : null;

    private async Task<Landing> LineEndAsync(CancellationToken cancellation)
    {
        await _line.EndedAsync(cancellation);
        return new Landing(_context.Timeline.Clock.Now, "a connection into it ended");
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

            if (synced && leading.Count == 0)
            {
                return;
            }
        }
    }
}

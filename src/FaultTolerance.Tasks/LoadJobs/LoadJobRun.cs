using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Load;
using FaultTolerance.Load.Recovery;
using FaultTolerance.Load.Workers;
using FaultTolerance.Runs;

namespace FaultTolerance.LoadJobs;

/// <summary>A load that pods of the cluster send, as one: its progress, its first request, its books and its logs.</summary>
internal sealed class LoadJobRun : ILoadRun
{
    private readonly LoadJobPods _job;
    private readonly LoadJobOptions _options;
    private readonly TimelineWriter _timeline;
    private readonly PodFollower[] _pods;
    private readonly StartTold _started;
    private readonly TaskCompletionSource<DateTimeOffset> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<LoadTotals> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly JobSight? _sight;
    private readonly JobJudge? _judge;
    private readonly Lock _gate = new();
    private DateTimeOffset? _firstAt;
    private int _disposed;

    /// <summary>Makes the files of the clients' logs.</summary>
    /// <param name="job">The Job, which this removes at its end.</param>
    /// <param name="pods">Its pods; this one's from here on.</param>
    /// <param name="options">What was asked.</param>
    /// <param name="folder">Where the client logs go.</param>
    /// <param name="timeline">Where events go; the caller's.</param>
    /// <exception cref="FaultMatrixException">FT0501: they cannot be made.</exception>
    public LoadJobRun(
        LoadJobPods job, IReadOnlyList<LoadPod> pods, LoadJobOptions options, ScenarioFolder folder, TimelineWriter timeline)
    {
        (_job, _options, _timeline) = (job, options, timeline);
        _sight = options.IsWatched ? new(options.Load, pods.Count) : null;
        _judge = _sight is null ? null : new(options, _sight, timeline);
        _pods = [.. pods.Select(pod =>
            new PodFollower(pod, new FetchedLogs(folder, pod.Share), options.Frontends, options.Load, timeline.Clock, _sight))];
        _started = new StartTold(pods, timeline);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset> FirstRequest => _first.Task;

    /// <inheritdoc/>
    public Task<LoadTotals> Completion => _completion.Task;

    /// <inheritdoc/>
    public ISteadyState? Steady => _sight;

    /// <inheritdoc/>
    public LoadProgress Progress
    {
        get
        {
            var said = _pods.Select(pod => pod.Pod.Said?.Progress ?? default).ToArray();
            var planned = Math.Max(_options.Load.Planned, said.Sum(one => one.Planned));
            return new(planned, said.Sum(one => one.Succeeded), said.Sum(one => one.Failed), said.Sum(one => one.InFlight))
            {
                Apart = said.Sum(one => one.Apart),
            };
        }
    }

    /// <summary>Follows the pods, which have been told when to start.</summary>
    /// <param name="instant">When.</param>
    public void Follow(DateTimeOffset instant)
    {
        _started.Instant = instant;
        _ = Task.Run(CompleteAsync);
    }

    /// <inheritdoc/>
    public Task<LoadTotals> StopAsync(string reason)
    {
        Array.ForEach(_pods, pod => pod.Stop(reason));
        return Completion;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await StopAsync("the load was disposed of").ContinueWith(static _ => { }, TaskScheduler.Default);
        foreach (var pod in _pods)
        {
            pod.Dispose();
            await pod.Pod.DisposeAsync();
        }

        await RemoveAsync();
    }

    // What cannot be removed now ends by itself.
    private async Task RemoveAsync()
    {
        try
        {
            await _job.RemoveAsync(CancellationToken.None);
        }
        catch (ClusterException e)
        {
            _timeline.Write(new ErrorNoted(e.Code, $"the load's Job was not removed, and ends by itself: {e.Message}"));
        }
    }

    private async Task CompleteAsync()
    {
        try
        {
            var totals = await Task.WhenAll(_pods.Select(FollowAsync));
            // Before the Job is removed, which may take a while.
            _options.Probe?.Enough();
            Looked();
            _first.TrySetCanceled();
            _started.Tell();
            var sum = JobTotals.Of(
                [.. _pods.Zip(totals, (pod, one) => (pod.Pod.Name, one))], _pods.Sum(pod => pod.Unknown), _started.Spread,
                _options.Load.MaxSendLag);
            if (sum.Planned != sum.Sent + sum.NotSent || sum.Planned < _options.Load.Planned
                || (_options.Load.UntilRecovered is null && sum.Planned > _options.Load.Planned))
            {
                throw new FaultMatrixException("FT0901", "The load's books do not add up: "
                    + $"planned {_options.Load.Planned}, of its pods {sum.Planned}, sent {sum.Sent}, not sent {sum.NotSent}. "
                    + "This is a fault of the load generator; please report it.");
            }

            LoadEvents.Write(_timeline, sum);
            await RemoveAsync();
            _completion.TrySetResult(sum);
        }
        catch (Exception e)
        {
            _first.TrySetCanceled();
            _completion.TrySetException(e);
        }
    }

    private async Task<LoadTotals> FollowAsync(PodFollower pod)
    {
        var totals = await pod.RunAsync(Looked);
        if (pod.Lost is { } reason)
        {
            _timeline.Write(new LoadPodLost
            {
                Pod = pod.Pod.Name,
                Index = pod.Pod.Index,
                Reason = reason,
                NotSent = pod.Unknown,
                Planned = pod.Pod.Share.Planned(_options.Load),
            });
        }

        return totals;
    }

    private void Looked()
    {
        lock (_gate)
        {
            _started.TellOnce();
            if (!_first.Task.IsCompleted && FirstOfAll() is { } first)
            {
                _timeline.Write(first, new FirstRequestSent());
                _firstAt = first;
                _first.TrySetResult(first);
            }

            Judge();
        }
    }

    private void Judge()
    {
        if (_judge is null)
        {
            return;
        }

        var (stop, enough) = _judge.Look(_firstAt, _pods.Min(pod => pod.Pod.Said?.PlanEnded));
        if (stop is not null)
        {
            _ = StopAsync(stop);
        }

        if (enough)
        {
            Array.ForEach(_pods, pod => pod.Enough());
        }
    }

    // Known once every pod that may have sent before the first that is told has said that it did not.
    private DateTimeOffset? FirstOfAll() =>
        _pods.Select(pod => pod.Pod.Said?.First).Min() is { } first
        && _pods.All(pod => pod.Lost is not null
            || pod.Pod.Said is { First: not null } or { State: WorkerState.Ended }
            || pod.Pod.SaidAt > first)
            ? first
            : null;
}

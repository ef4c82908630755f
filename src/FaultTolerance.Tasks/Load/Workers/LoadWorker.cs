using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;

namespace FaultTolerance.Load.Workers;

/// <summary>
/// A process that sends its share of a load. It asks nobody: a runner tells it which share, the frontends, the run's clock and the
/// instant of the start, and fetches the clients' logs while they grow.
/// </summary>
/// <param name="plan">What it is to do.</param>
/// <param name="planFolder">The folder of the plan and of the files that it reads.</param>
/// <param name="folder">Where the logs are written.</param>
/// <param name="time">Its clock.</param>
internal sealed class LoadWorker(WorkerPlan plan, string planFolder, ScenarioFolder folder, TimeProvider time) : IAsyncDisposable
{
    private readonly GivenFrontends _frontends = new();
    private readonly StartGate _gate = new();
    private readonly OpenRequests? _open = plan.IsWatched ? new() : null;
    private readonly TaskCompletionSource _bye = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _turn = new();
    private ClientShare _share;
    private LogPieces? _pieces;
    private TimelineWriter? _timeline;
    private ILoadRun? _load;
    private Task _ending = Task.CompletedTask;
    private LoadTotals? _totals;
    private ImmutableArray<WorkerLog> _logs = [];
    private DateTimeOffset? _first;
    private DateTimeOffset? _planEnded;
    private volatile bool _enough;
    private volatile string? _error;
    private long _asked = time.GetTimestamp();

    /// <summary>Completes when the runner has fetched all.</summary>
    public Task Released => _bye.Task;

    /// <summary>How long ago a runner asked something.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Interlocked.Read(ref _asked));

    /// <summary>Does what is asked, and answers; the bytes that follow the answer come beside it.</summary>
    public (WorkerAnswer Answer, IReadOnlyList<byte[]> Pieces) Ask(WorkerAsk ask)
    {
        ArgumentNullException.ThrowIfNull(ask);
        Interlocked.Exchange(ref _asked, time.GetTimestamp());
        lock (_turn)
        {
            Obey(ask);
            IReadOnlyList<byte[]> pieces = ask.From is { } from && _pieces is { } logs ? logs.Read(from) : [];
            var state = State;
            return (new WorkerAnswer
            {
                State = state,
                PlanEnded = _planEnded,
                UnderWay = _open?.All ?? [],
                Error = _error,
                Progress = _load?.Progress ?? default,
                Passed = _gate.Passed,
                First = _first,
                Totals = state == WorkerState.Ended ? _totals : null,
                Logs = state == WorkerState.Ended && ask.From is not null ? _logs : [],
                Pieces = [.. pieces.Select(piece => piece.Length)],
                Frequency = time.TimestampFrequency,
                Wall = time.GetUtcNow(),
                Now = time.GetTimestamp(),
            }, pieces);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_load is { } load)
        {
            await load.DisposeAsync().ConfigureAwait(false);
            await _ending.ConfigureAwait(false);
        }

        await _frontends.DisposeAsync().ConfigureAwait(false);
        _timeline?.Dispose();
        _pieces?.Dispose();
    }

    private WorkerState State =>
        _error is not null ? WorkerState.Failed
        : _load is null ? WorkerState.Waiting
        : _ending.IsCompleted ? WorkerState.Ended
        : _gate.Passed is not null ? WorkerState.Running
        : _gate.Prepared.IsCompleted ? WorkerState.Ready
        : WorkerState.Preparing;

    private void Obey(WorkerAsk ask)
    {
        if (ask.Frontends is { } frontends)
        {
            _frontends.Take(frontends);
        }

        if (ask.Begin is { } anchor && _load is null && _error is null)
        {
            Begin(new RunClock(time, anchor), ask.Index);
        }

        if (ask.StartAt is { } instant)
        {
            _gate.Open(instant);
        }

        _enough |= ask.Enough;
        if (ask.Stop is { } reason)
        {
            _ = _load?.StopAsync(reason);
        }

        if (ask.Bye)
        {
            _bye.TrySetResult();
        }
    }

    private void Begin(RunClock clock, int index)
    {
        if (index < 0 || index >= plan.Workers)
        {
            _error = $"worker {index} of {plan.Workers} is none";
            return;
        }

        _share = ClientShare.Of(plan.Load.Clients, plan.Workers)[index];
        try
        {
            ResultAccess.CreateFolder(folder.Path);
            _timeline = new TimelineWriter(folder.Timeline, clock);
            _load = LoadGenerator.Start(
                plan.LoadIn(planFolder), plan.Model, _frontends, folder, _timeline,
                new LoadOptions
                {
                    Share = _share,
                    Gate = _gate,
                    WatchSteady = _open is not null,
                    SteadyState = _open,
                    GoesOn = plan.Load.UntilRecovered is null ? null : GoesOn,
                });
            _pieces = new LogPieces(folder, _share);
            _ending = EndAsync(_load, _pieces);
            _ = NoteFirstAsync(_load);
        }
        catch (FaultMatrixException e)
        {
            _error = $"{e.Code}: {e.Message}";
        }
    }

    // The runner says when it was enough.
    private bool GoesOn(DateTimeOffset planEnded)
    {
        lock (_turn)
        {
            _planEnded = planEnded;
        }

        return !_enough;
    }

    private async Task NoteFirstAsync(ILoadRun load)
    {
        try
        {
            var first = await load.FirstRequest.ConfigureAwait(false);
            lock (_turn)
            {
                _first = first;
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing was sent.
        }
    }

    private async Task EndAsync(ILoadRun load, LogPieces pieces)
    {
        try
        {
            _totals = await load.Completion.ConfigureAwait(false);
            _logs = pieces.Sum();
        }
        catch (Exception e) when (e is FaultMatrixException or IOException)
        {
            _error = e is FaultMatrixException coded ? $"{coded.Code}: {coded.Message}" : e.Message;
        }
    }
}

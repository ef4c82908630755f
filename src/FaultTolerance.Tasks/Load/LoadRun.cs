using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Load.Clients;
using FaultTolerance.Load.OpenLoop;
using FaultTolerance.Load.Recovery;
using FaultTolerance.Load.Stopping;
using FaultTolerance.Runs;

namespace FaultTolerance.Load;

/// <summary>Runs a load from its first event to its closed books.</summary>
internal sealed class LoadRun : ILoadRun
{
    private readonly LoadContext _load;
    private readonly TimelineWriter _timeline;
    private readonly CancellationTokenRegistration _cancelled;
    private readonly Func<DateTimeOffset, bool>? _goesOn;
    private readonly Lock _looking = new();
    private long _planEnded;
    private long _nextLook;
    private bool _goOn = true;

    public LoadRun(LoadContext load, ScenarioFolder folder, TimelineWriter timeline, CancellationToken cancellation)
    {
        _load = load;
        _timeline = timeline;
        _goesOn = load.Options.GoesOn ?? (load.Options.Enough is { CanBeCanceled: true } enough
            ? _ => !enough.IsCancellationRequested : null);
        if (_goesOn is null && load.Steady is { } steady && load.Spec.UntilRecovered is { } most)
        {
            var recovery = new RecoveryWatch(steady, new TimelineFollower(folder.Timeline), most, load.Options.LastFaultDue);
            _goesOn = planEnded => recovery.GoesOn(load.FirstAt ?? load.Clock.Now, planEnded, load.Clock.Now);
        }

        Completion = CompleteAsync();
        _cancelled = cancellation.UnsafeRegister(static load => ((LoadContext)load!).End("the run was cancelled"), load);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset> FirstRequest => _load.First;

    /// <inheritdoc/>
    public Task<LoadTotals> Completion { get; }

    /// <inheritdoc/>
    public LoadProgress Progress => _load.Books.Progress;

    /// <inheritdoc/>
    public ISteadyState? Steady => _load.Steady;

    /// <inheritdoc/>
    public Task<LoadTotals> StopAsync(string reason)
    {
        if (!Completion.IsCompleted)
        {
            _load.End(reason);
        }

        return Completion;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync("the load was disposed of").ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        await _cancelled.DisposeAsync().ConfigureAwait(false);
        await _load.Health.DisposeAsync().ConfigureAwait(false);
        await _load.Logs.DisposeAsync().ConfigureAwait(false);
        _load.Dispose();
    }

    private async Task<LoadTotals> CompleteAsync()
    {
        LoadTotals? totals = null;
        await _load.Options.Background(async () => totals = await RunAsync().ConfigureAwait(false)).ConfigureAwait(false);
        return totals!;
    }

    private async Task<LoadTotals> RunAsync()
    {
        try
        {
            return await BooksAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new FaultMatrixException("FT0502", $"The timeline of the load cannot be written: {e.Message}", e);
        }
        catch (Exception e) when (e is not FaultMatrixException)
        {
            throw new FaultMatrixException(
                "FT0906",
                $"The load generator failed: {e.Message} This is a fault of ours; please report it.",
                e
            );
        }
    }

    private async Task<LoadTotals> BooksAsync()
    {
        var spec = _load.Spec;
        _timeline.Write(LoadEvents.Started(spec, _load.Starts));
        var first = NoteFirstAsync();
        using var ended = new CancellationTokenSource();
        var stop = StopLook.RunAsync(_load, _timeline, ended.Token);
        PlannedRate? planned;
        try
        {
            planned = spec.Mode == LoadMode.Open ? await OpenAsync().ConfigureAwait(false) : await ClosedAsync().ConfigureAwait(false);
        }
        finally
        {
            _load.NothingSent();
            await first.ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            await stop.ConfigureAwait(false);
        }

        var health = _load.Health.Sum(
            _load.Options.Limits.Bearing(spec.MaxSendLag),
            planned?.Rate ?? spec.RatePerClient * _load.Share.Count,
            planned?.Seconds
        );
        var error = await _load.Logs.CloseAsync().ConfigureAwait(false);
        var totals = _load.Books.Close(_load.Logs.Lines) with { Health = health };
        LoadEvents.Write(_timeline, totals);
        return error is null ? totals : throw error;
    }

    private async Task NoteFirstAsync()
    {
        try
        {
            _timeline.Write(await _load.First.ConfigureAwait(false), new FirstRequestSent());
        }
        catch (OperationCanceledException)
        {
            // Nothing was sent, so there is nothing to note.
        }
    }

    private async Task<PlannedRate?> ClosedAsync()
    {
        var clients = _load.Share.Clients.Select(i => new ClosedLoopClient(_load, i)).ToArray();
        try
        {
            await PrepareAsync([.. clients.Select<ClosedLoopClient, Func<CancellationToken, Task>>(c => c.PreconnectAsync)])
                .ConfigureAwait(false);
            var start = await BeginAsync().ConfigureAwait(false);
            await Task.WhenAll(clients.Select(c => _load.Options.Background(() => RunAsync(c, start)))).ConfigureAwait(false);
            return null;
        }
        finally
        {
            Array.ForEach(clients, c => c.Dispose());
        }
    }

    private async Task RunAsync(ClosedLoopClient client, long start)
    {
        try
        {
            await client.RunAsync(start, GoOn).ConfigureAwait(false);
        }
        catch
        {
            // A client throws for nothing that a service does; the others need not go on when one cannot.
            _load.End("the load generator failed");
            throw;
        }
    }

    private async Task<PlannedRate?> OpenAsync()
    {
        using var loop = new OpenLoopDriver(_load);
        await PrepareAsync(loop.Preconnections).ConfigureAwait(false);
        var start = await BeginAsync().ConfigureAwait(false);
        return await loop.RunAsync(GoOn, start).ConfigureAwait(false);
    }

    // The present, or the instant at which all processes of the load start.
    private async Task<long> BeginAsync()
    {
        var start = _load.Options.Gate is { } gate ? await gate.PassAsync(_load.Time, _load.Stop).ConfigureAwait(false) : null;
        _load.Health.Begin();
        return start ?? _load.Time.GetTimestamp();
    }

    // The connections of a load of thousands of clients are opened so many at a time that the API server is not what is measured.
    private async Task PrepareAsync(IReadOnlyList<Func<CancellationToken, Task>> connect)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_load.Stop);
        try
        {
            if (_load.Options.Preconnect)
            {
                using var ring = new CancellationTokenSource(_load.Options.PreconnectLimit, _load.Time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ring.Token);
                await Parallel.ForEachAsync(connect, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = both.Token },
                    async (open, token) => await open(token).ConfigureAwait(false)).ConfigureAwait(false);
            }

            if (_load.Options.MeasureFloor)
            {
                await _load.Health.MeasureFloorAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Out of time or stopped: the load itself meets either.
        }
    }

    // After the plan: whether the load is to last longer.
    private bool GoOn()
    {
        if (_goesOn is not { } goesOn)
        {
            return false;
        }

        var now = _load.Time.GetTimestamp();
        Interlocked.CompareExchange(ref _planEnded, now, 0);
        var look = Interlocked.Read(ref _nextLook);
        // Ten looks a second are enough, and all that the thread of an open loop has time for.
        if (now >= look && Interlocked.CompareExchange(ref _nextLook, now + (_load.Time.TimestampFrequency / 10), look) == look)
        {
            lock (_looking)
            {
                Volatile.Write(ref _goOn, goesOn(_load.Clock.At(_planEnded)));
            }
        }

        return Volatile.Read(ref _goOn);
    }
}

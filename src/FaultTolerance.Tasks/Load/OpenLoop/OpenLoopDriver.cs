using System.Collections.Concurrent;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Clients;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Load.OpenLoop;

/// <summary>
/// Sends by a plan, whatever the answers do. A thread of its own starts each request at its instant; one that it comes to late
/// keeps its intended instant, so that a backlog shows as lag and is never planned away. What would exceed the bound on outstanding
/// requests is shed and recorded.
/// </summary>
internal sealed class OpenLoopDriver : IDisposable
{
    private readonly LoadContext _load;
    private readonly ClientConnections[] _connections;
    private readonly ConcurrentStack<RequestRunner>[] _idle;
    private readonly ConcurrentBag<RequestRunner> _all = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RequestRecord _unsent = new();
    // One for the plan itself: what is outstanding is done when the plan is, too.
    private int _outstanding = 1;

    public OpenLoopDriver(LoadContext load)
    {
        _load = load;
        _connections = [.. load.Share.Clients.Select(load.ConnectionsOf)];
        _idle = [.. load.Share.Clients.Select(_ => new ConcurrentStack<RequestRunner>())];
    }

    /// <summary>Open a connection for each client.</summary>
    public IReadOnlyList<Func<CancellationToken, Task>> Preconnections =>
        [.. _load.Share.Clients.Select<int, Func<CancellationToken, Task>>(client => async token =>
        {
            var runner = Rent(client);
            await runner.PreconnectAsync(0, token).ConfigureAwait(false);
            IdleOf(client).Push(runner);
        })];

    /// <summary>
    /// Works through the plan, waits for what is outstanding, and returns how long the plan was, in seconds, with its rate.
    /// </summary>
    /// <param name="goOn">Asked after the plan before each further request: whether the load is to last longer.</param>
    /// <param name="begin">The instant that the plan counts from, in ticks of the load's clock; null: the present.</param>
    public async Task<PlannedRate> RunAsync(Func<bool> goOn, long? begin = null)
    {
        var plan = _load.Work?.Arrivals() ?? new ArrivalPlan(_load.Spec);
        var rate = default(PlannedRate);
        async Task WorkAsync() => rate = await FollowAsync(plan, begin, goOn).ConfigureAwait(false);
        // On the machine's clock the pacer never yields, so the whole plan keeps the thread it begins on, which is one of its own.
        await (_load.Time == TimeProvider.System
            ? Task.Factory.StartNew(WorkAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()
            : _load.Options.Background(WorkAsync)).ConfigureAwait(false);
        Done();
        await _drained.Task.ConfigureAwait(false);
        return rate;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var runner in _all)
        {
            runner.Dispose();
        }

        foreach (var connections in _connections)
        {
            connections.Dispose();
        }
    }

    private async ValueTask<PlannedRate> FollowAsync(IArrivals plan, long? begin, Func<bool> goOn)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_load.Stop, _load.Options.Enough);
        using var pacer = new Pacer(_load.Time, ended.Token);
        var start = (begin ?? _load.Time.GetTimestamp()) + (long)(_load.Starts.FirstOrDefault() * _load.Time.TimestampFrequency);
        var clients = _load.Spec.Clients;
        long issued = 0;
        double last = 0;
        PlannedRate Followed() => new(last, issued / Math.Max(last, 1e-9));
        for (long k = 0; ; k++)
        {
            var isMore = k >= _load.Spec.Planned;
            if (isMore && (ended.IsCancellationRequested || !goOn()))
            {
                return Followed();
            }

            var at = plan.Next();
            var intended = start + (long)(at * _load.Time.TimestampFrequency);
            var (client, number) = ((int)(k % clients), k / clients);
            if (!_load.Share.Has(client))
            {
                // Another process sends it. The plan is the whole load's, so that the shares together are as one process's.
                continue;
            }

            var isDue = await pacer.WaitAsync(intended).ConfigureAwait(false);
            if (isMore)
            {
                if (!isDue)
                {
                    // Beyond the plan nothing is owed: what was waited for is not planned.
                    return Followed();
                }

                _load.Books.PlanMore();
            }

            if (!isDue)
            {
                _unsent.Reset(number, intended);
                _load.RecordUnsent(client, _unsent, Outcome.NotSent, _load.Reason);
                continue;
            }

            issued++;
            last = at;
            if (Volatile.Read(ref _outstanding) > _load.Spec.MaxOutstanding)
            {
                _unsent.Reset(number, intended);
                _load.RecordUnsent(client, _unsent, Outcome.Shed, $"{_load.Spec.MaxOutstanding} requests were outstanding");
                continue;
            }

            Interlocked.Increment(ref _outstanding);
            _ = SendAsync(client, number, intended);
        }
    }

    private async Task SendAsync(int client, long number, long intended)
    {
        try
        {
            var runner = Rent(client);
            runner.Record.Reset(number, intended);
            await runner.RunAsync(delayAfterLast: false).ConfigureAwait(false);
            IdleOf(client).Push(runner);
        }
        catch (Exception e)
        {
            // The runner throws for nothing that a service does: this is a mistake of ours, and ends the load as one.
            _drained.TrySetException(e);
            _load.End("the load generator failed");
        }
        finally
        {
            Done();
        }
    }

    private ConcurrentStack<RequestRunner> IdleOf(int client) => _idle[client - _load.Share.First];

    private RequestRunner Rent(int client)
    {
        if (IdleOf(client).TryPop(out var runner))
        {
            return runner;
        }

        runner = new RequestRunner(_load, _connections[client - _load.Share.First], client);
        _all.Add(runner);
        return runner;
    }

    private void Done()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0)
        {
            _drained.TrySetResult();
        }
    }
}

/// <summary>What a plan asked for, as far as it was followed.</summary>
/// <param name="Seconds">From its start to its last request.</param>
/// <param name="Rate">Requests per second over that time.</param>
internal readonly record struct PlannedRate(double Seconds, double Rate);

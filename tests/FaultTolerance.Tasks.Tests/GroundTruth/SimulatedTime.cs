namespace FaultTolerance.Tests.GroundTruth;

/// <summary>
/// A clock that leaps from one timer to the next. Callbacks run on the thread that drives it, one after the other, and so does all that
/// they continue: a simulated minute takes as long as its work does, and the same seed gives the same run.
/// </summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Lock _gate = new();
    private readonly PriorityQueue<(SimulatedTimer Timer, long Version), (long Due, long Order)> _queue = new();
    private long _now;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Calls back at an instant, in seconds from the start.</summary>
    public void At(double seconds, Action callback)
    {
        var due = Math.Max(GetTimestamp(), (long)(seconds * TimeSpan.TicksPerSecond));
        Enter(new SimulatedTimer(this, callback), 0, due);
    }

    /// <summary>Lets time run until the task has ended, and gives its result.</summary>
    public T Run<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            if (Take() is { } timer)
            {
                timer.Ring();
            }
            else
            {
                // No timer is left: what remains is real work, such as closing files, which tells when it is done.
                ((IAsyncResult)task).AsyncWaitHandle.WaitOne(1);
            }
        }

        return task.GetAwaiter().GetResult();
    }

    private SimulatedTimer? Take()
    {
        lock (_gate)
        {
            while (_queue.TryDequeue(out var entry, out var key))
            {
                if (entry.Timer.Version == entry.Version)
                {
                    Interlocked.Exchange(ref _now, Math.Max(_now, key.Due));
                    return entry.Timer;
                }
            }

            return null;
        }
    }

    private void Enter(SimulatedTimer timer, long version, long due)
    {
        lock (_gate)
        {
            _queue.Enqueue((timer, version), (due, _order++));
        }
    }

    private sealed class SimulatedTimer(SimulatedTime time, Action callback) : ITimer
    {
        private long _version;

        public long Version => Interlocked.Read(ref _version);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.True(period <= TimeSpan.Zero, "the load uses no periodic timer on a simulated clock");
            var version = Interlocked.Increment(ref _version);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.Enter(this, version, time.GetTimestamp() + dueTime.Ticks);
            }

            return true;
        }

        public void Ring() => callback();

        public void Dispose() => Interlocked.Increment(ref _version);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

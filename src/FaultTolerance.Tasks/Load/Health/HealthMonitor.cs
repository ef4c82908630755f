using System.Globalization;
using FaultTolerance.Load.OpenLoop;

namespace FaultTolerance.Load.Health;

/// <summary>Watches the generator while it works.</summary>
internal sealed class HealthMonitor(TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Probe = TimeSpan.FromMilliseconds(100);
    private readonly Histogram _lag = new();
    private readonly Histogram _pool = new();
    private readonly Histogram _floor = new();
    private ITimer? _probe;
    private bool _hasFloor;
    private long _began;
    private TimeSpan _cpu;
    private TimeSpan _gc;
    private MachineWork? _machine;
    private long _lastSent;
    private long _sent;

    /// <summary>
    /// Measures how late a thread that does nothing else is for an instant in each of 200 ms. On a clock that is not the machine's
    /// there is nothing to measure.
    /// </summary>
    public Task MeasureFloorAsync(CancellationToken cancellation) =>
        time != TimeProvider.System
            ? Task.CompletedTask
            : Task.Factory.StartNew(
                () => MeasureFloor(cancellation),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );

    /// <summary>The load begins.</summary>
    public void Begin()
    {
        _began = _lastSent = time.GetTimestamp();
        _cpu = Cpu();
        _gc = GC.GetTotalPauseDuration();
        _machine = time == TimeProvider.System ? MachineWork.Now() : null;
        // On another clock than the machine's, the pool's delay would be measured in that clock's leaps.
        _probe = time == TimeProvider.System
            ? time.CreateTimer(static monitor => ((HealthMonitor)monitor!).ProbePool(), this, Probe, Probe)
            : null;
    }

    /// <summary>A request's first attempt starts.</summary>
    public void Sent(long intended, long started)
    {
        _lag.Add(Nanoseconds(intended, started));
        Interlocked.Increment(ref _sent);
        Volatile.Write(ref _lastSent, started);
    }

    /// <summary>Sums up.</summary>
    /// <param name="limits">What is bearable.</param>
    /// <param name="askedRate">Requests per second asked for.</param>
    /// <param name="sendingSeconds">Length of the plan, where there is one (open loop): the rate is then judged.</param>
    public GeneratorHealth Sum(HealthLimits limits, double askedRate, double? sendingSeconds)
    {
        var now = time.GetTimestamp();
        var duration = Math.Max(1e-9, time.GetElapsedTime(_began, now).TotalSeconds);
        var sending = Math.Max(sendingSeconds ?? 0, time.GetElapsedTime(_began, _lastSent).TotalSeconds);
        var machine = _machine is null ? null : MachineWork.Now();
        var health = new GeneratorHealth
        {
            SendLagP50 = Quantile(_lag, 0.5),
            SendLagP99 = Quantile(_lag, 0.99),
            SendLagMax = _lag.Max / 1e9,
            AskedRate = askedRate,
            AchievedRate = sending > 0 ? _sent / sending : 0,
            // What the machine spent says nothing on another clock than the machine's.
            CpuShare = time == TimeProvider.System ? (Cpu() - _cpu).TotalSeconds / duration / Environment.ProcessorCount : 0,
            MachineBusy = machine?.BusySince(_machine!.Value),
            MachineWaited = machine?.WaitedSince(_machine!.Value, duration),
            GcPause = time == TimeProvider.System ? (GC.GetTotalPauseDuration() - _gc).TotalSeconds : 0,
            PoolDelayP99 = Quantile(_pool, 0.99),
            PoolDelayMax = _pool.Max / 1e9,
            FloorP50 = _hasFloor ? Quantile(_floor, 0.5) : null,
            FloorP99 = _hasFloor ? Quantile(_floor, 0.99) : null,
            Duration = duration,
        };
        return health with { Invalid = [.. Judge(health, limits, sendingSeconds is not null)] };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_probe is { } probe)
        {
            await probe.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void MeasureFloor(CancellationToken cancellation)
    {
        using var pacer = new Pacer(time, cancellation);
        var instant = time.GetTimestamp();
        for (var i = 0; i < 200; i++)
        {
            instant += time.TimestampFrequency / 1000;
            if (!pacer.Wait(instant))
            {
                return;
            }

            _floor.Add(Nanoseconds(instant, time.GetTimestamp()));
        }

        _hasFloor = true;
    }

    private static IEnumerable<string> Judge(GeneratorHealth health, HealthLimits limits, bool rateCounts)
    {
        if (health.SendLagP99 > limits.SendLagP99 + (health.FloorP99 ?? 0))
        {
            yield return Over("send lag p99", health.SendLagP99, limits.SendLagP99 + (health.FloorP99 ?? 0), "s");
        }

        // What may be sent late may make a short load that much longer: that is no other reason.
        var share = limits.RateShare * (health.Duration > 0 ? health.Duration / (health.Duration + limits.SendLagP99) : 1);
        if (rateCounts && health.AchievedRate < share * health.AskedRate)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"rate {health.AchievedRate:0.###}/s is less than {share:0.###} of the {health.AskedRate:0.###}/s asked for");
        }

        if (health.CpuShare > limits.CpuShare)
        {
            yield return Over("CPU share", health.CpuShare, limits.CpuShare, "");
        }

        if (health.GcPause > limits.GcShare * health.Duration)
        {
            yield return Over("GC pauses", health.GcPause, limits.GcShare * health.Duration, "s");
        }

        if (health.PoolDelayP99 > limits.PoolDelayP99 + (health.FloorP99 ?? 0))
        {
            yield return Over("thread-pool delay p99", health.PoolDelayP99, limits.PoolDelayP99 + (health.FloorP99 ?? 0), "s");
        }
    }

    private static string Over(string what, double value, double limit, string unit) =>
        $"{what} {value:0.####} {unit}".TrimEnd() + $" is over {limit:0.####} {unit}".TrimEnd();

    private static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;

    private void ProbePool()
    {
        var queued = time.GetTimestamp();
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => state.Monitor.PoolRan(state.Queued),
            (Monitor: this, Queued: queued), preferLocal: false);
    }

    // What was never late is not late at any share.
    private static double Quantile(Histogram nanoseconds, double share) => nanoseconds.Count == 0 ? 0 : nanoseconds.Quantile(share) / 1e9;

    private void PoolRan(long queued) => _pool.Add(Nanoseconds(queued, time.GetTimestamp()));

    private long Nanoseconds(long from, long until) => time.GetElapsedTime(from, until).Ticks * 100;
}

using System.Runtime.InteropServices;

namespace FaultTolerance.Load.OpenLoop;

/// <summary>
/// Waits on a thread of its own until an instant, to a few microseconds, without burning a core: a wait that ends about two
/// milliseconds before, then a short sleep of the operating system, and only the rest, as long as that sleep has proved to be late, spun.
/// .NET's own timers count whole milliseconds, which is too coarse for 1,000 requests a second.
/// </summary>
internal sealed class Pacer(TimeProvider time, CancellationToken stop) : IDisposable
{
    private const int SetTimerSlack = 29;
    private static readonly bool Fine = OperatingSystem.IsLinux();
    private readonly double _perSecond = time.TimestampFrequency;
    private double _late = 100e-6;
    private bool _prepared;
    private ITimer? _timer;
    private TaskCompletionSource? _rung;

    /// <summary>
    /// Waits until <paramref name="until"/>; false when the load was stopped before. On the machine's clock it keeps the thread and is
    /// done when it returns; on another one it waits for that clock's timer.
    /// </summary>
    public ValueTask<bool> WaitAsync(long until) => time == TimeProvider.System ? new(Wait(until)) : WaitOnProviderAsync(until);

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>The same on the machine's clock.</summary>
    public bool Wait(long until)
    {
        Prepare();
        while (!stop.IsCancellationRequested)
        {
            var left = (until - time.GetTimestamp()) / _perSecond;
            if (left <= 0)
            {
                return true;
            }

            if (left > 0.0025)
            {
                stop.WaitHandle.WaitOne((int)Math.Min(int.MaxValue, (left * 1000) - 1.5));
            }
            else if (Fine && left > _late + 20e-6)
            {
                Sleep(left - _late);
            }
            else
            {
                Thread.SpinWait(10);
            }
        }

        return false;
    }

    // Not Task.Delay, which counts whole milliseconds and would not wait at all for less than one.
    private async ValueTask<bool> WaitOnProviderAsync(long until)
    {
        while (!stop.IsCancellationRequested && time.GetElapsedTime(time.GetTimestamp(), until) is var left && left > TimeSpan.Zero)
        {
            var rung = new TaskCompletionSource();
            Volatile.Write(ref _rung, rung);
            _timer ??= time.CreateTimer(
                static pacer => Volatile.Read(ref ((Pacer)pacer!)._rung)?.TrySetResult(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
            using var stopped = stop.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), rung);
            _timer.Change(left, Timeout.InfiniteTimeSpan);
            await rung.Task.ConfigureAwait(false);
        }

        return !stop.IsCancellationRequested;
    }

    private void Sleep(double seconds)
    {
        var from = time.GetTimestamp();
        var span = new TimeSpec { Nanoseconds = (nint)(seconds * 1e9) };
        _ = NanoSleep(ref span, 0);
        var late = ((time.GetTimestamp() - from) / _perSecond) - seconds;
        // Follows a slower machine at once and a faster one slowly; a single long stall is not waited for with the processor hot.
        _late = Math.Clamp(late > _late ? late : (0.99 * _late) + (0.01 * late), 10e-6, 250e-6);
    }

    private void Prepare()
    {
        if (_prepared || !Fine)
        {
            return;
        }

        _prepared = true;
        // The kernel may end sleeps 50 µs late to save power; this thread asks for none of that. Where it is refused, it spins longer.
        _ = PrCtl(SetTimerSlack, 1, 0, 0, 0);
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(ref TimeSpec span, nint remaining);

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int PrCtl(int option, nuint a, nuint b, nuint c, nuint d);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}

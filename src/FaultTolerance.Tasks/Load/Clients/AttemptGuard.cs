using FaultTolerance.Load.Classification;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Load.Clients;

/// <summary>
/// Ends an attempt when its time is up, its stream stalls, or the load stops. One timer serves all attempts of a runner: it is
/// left running and looks, when it rings, whether there is anything to end, so that a quick attempt costs no timer at all.
/// </summary>
internal sealed class AttemptGuard : IDisposable
{
    // What a timer takes, milliseconds; one that rings too early is only set again.
    private const double LongestTimer = int.MaxValue;
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _stop;
    private readonly long _stallAfter;
    private bool _stopped;
    private bool _active;
    private long _deadline;
    private long _lastToken;
    private long _rings = long.MaxValue;
    private HttpConnection? _connection;
    private CancellationTokenSource? _connecting;

    public AttemptGuard(TimeProvider time, TimeSpan stallTimeout, CancellationToken stop)
    {
        _time = time;
        _stallAfter = Ticks(stallTimeout);
        _timer = time.CreateTimer(static guard => ((AttemptGuard)guard!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _stop = stop.UnsafeRegister(static guard => ((AttemptGuard)guard!).StopNow(), this);
    }

    /// <summary>Why the attempt was ended, if it was.</summary>
    public AbortReason Reason { get; private set; }

    /// <summary>An attempt begins.</summary>
    public void Begin(long now, TimeSpan limit)
    {
        lock (_gate)
        {
            Reason = _stopped ? AbortReason.Stop : AbortReason.None;
            _active = true;
            _deadline = now + Ticks(limit);
            _lastToken = long.MaxValue;
            RingAt(_deadline, now);
        }
    }

    /// <summary>The token for making a connection.</summary>
    public CancellationToken Connecting()
    {
        lock (_gate)
        {
            _connecting = new();
            if (Reason != AbortReason.None)
            {
                _connecting.Cancel();
            }

            return _connecting.Token;
        }
    }

    /// <summary>From here on, ending the attempt ends this connection.</summary>
    public void Attach(HttpConnection connection)
    {
        lock (_gate)
        {
            _connecting = null;
            _connection = connection;
            if (Reason != AbortReason.None)
            {
                connection.Abort();
            }
        }
    }

    /// <summary>Tokens came at <paramref name="now"/>: from here on silence is watched.</summary>
    public void Token(long now)
    {
        lock (_gate)
        {
            _lastToken = now;
            // An attempt that was ended goes on until its read notices; there is nothing more to ring for.
            if (Reason == AbortReason.None)
            {
                RingAt(Math.Min(_deadline, now + _stallAfter), now);
            }
        }
    }

    /// <summary>The attempt is over.</summary>
    public void End()
    {
        lock (_gate)
        {
            _active = false;
            _connection = null;
            _connecting = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _timer.Dispose();
    }

    private void StopNow()
    {
        Broken broken;
        lock (_gate)
        {
            _stopped = true;
            broken = Break(AbortReason.Stop);
        }

        broken.Abort();
    }

    private void Ring()
    {
        Broken broken = default;
        lock (_gate)
        {
            _rings = long.MaxValue;
            if (!_active || Reason != AbortReason.None)
            {
                return;
            }

            var now = _time.GetTimestamp();
            var stall = _lastToken == long.MaxValue ? long.MaxValue : _lastToken + _stallAfter;
            if (now >= _deadline)
            {
                broken = Break(AbortReason.Deadline);
            }
            else if (now >= stall)
            {
                broken = Break(AbortReason.Stall);
            }
            else
            {
                RingAt(Math.Min(_deadline, stall), now);
            }
        }

        broken.Abort();
    }

    private void RingAt(long when, long now)
    {
        if (when < _rings)
        {
            _rings = when;
            // Rounded up: a timer that rings a fraction early would only be set again.
            // A time that is past is now: a negative one is no time, or never.
            var wait = Math.Clamp(Math.Ceiling((when - now) * 1000.0 / _time.TimestampFrequency), 0, LongestTimer);
            _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
        }
    }

    private Broken Break(AbortReason reason)
    {
        if (!_active || Reason != AbortReason.None)
        {
            return default;
        }

        Reason = reason;
        return new(_connecting, _connection);
    }

    // What an abort hits is fixed under the lock and hit outside it: what it wakes may run at once, as far as the next attempt,
    // whose connection must not be taken for this one's.
    private readonly record struct Broken(CancellationTokenSource? Connecting, HttpConnection? Connection)
    {
        public void Abort()
        {
            _ = Connecting?.CancelAsync();
            Connection?.Abort();
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}

using System.Globalization;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Stopping;

/// <summary>Looks at the requests of a running load, and says when one of its limits is broken. For several threads at once.</summary>
/// <param name="limits">The limits.</param>
/// <param name="frequency">Ticks a second of the clock whose instants it is given.</param>
internal sealed class StopWatch(StopWhen limits, long frequency)
{
    private const double Percentile = 0.95;
    private readonly Lock _gate = new();
    private readonly Queue<(long At, bool Ok, long Took, long? FirstToken)> _recent = new();
    private int _failedRecently;
    private int _inARow;
    private long _lost;
    private int _underWay;
    private long? _waitingSince;

    /// <summary>A request goes out.</summary>
    /// <param name="at">When.</param>
    public void Sent(long at)
    {
        lock (_gate)
        {
            _underWay++;
            _waitingSince ??= at;
        }
    }

    /// <summary>A request that went out ended.</summary>
    /// <param name="at">When.</param>
    /// <param name="ok">Whether it was answered; null where it says nothing of the service.</param>
    /// <param name="took">From its send to its end, ticks.</param>
    /// <param name="firstToken">From its send to the first token, ticks; null where it was no stream.</param>
    public void Ended(long at, bool? ok, long took, long? firstToken)
    {
        lock (_gate)
        {
            _underWay--;
            if (ok is not { } answered)
            {
                _waitingSince = _underWay == 0 ? null : _waitingSince;
                return;
            }

            _recent.Enqueue((at, answered, took, firstToken));
            _failedRecently += answered ? 0 : 1;
            _lost += answered ? 0 : 1;
            _inARow = answered ? 0 : _inARow + 1;

            // Whoever waits now waits from here on; a failure leaves the wait as it is, whether or not somebody is under way.
            _waitingSince = !answered ? _waitingSince ?? at : _underWay > 0 ? at : null;
        }
    }

    /// <summary>The first limit that is broken at an instant, in words; null where none is.</summary>
    /// <param name="now">The instant.</param>
    public BrokenLimit? Broken(long now)
    {
        lock (_gate)
        {
            Forget(now);
            return Counts() ?? Shares(now);
        }
    }

    private BrokenLimit? Counts()
    {
        if (_inARow >= limits.ErrorsInARow)
        {
            return new("errorsInARow", $"{_inARow} requests failed one after another (limit {limits.ErrorsInARow})");
        }

        if (_lost > limits.Lost)
        {
            return new("lost", $"{_lost} requests failed (at most {limits.Lost})");
        }

        return _underWay > limits.Queue ? new("queue", $"{_underWay} requests were under way at once (at most {limits.Queue})") : null;
    }

    private BrokenLimit? Shares(long now)
    {
        if (limits.Outage is { } outage && _waitingSince is { } since && Seconds(now - since) is var silent
            && silent >= outage.TotalSeconds)
        {
            return new("outage", $"no request was answered for {Number(silent)} s (limit {Number(outage.TotalSeconds)} s)");
        }

        if (_recent.Count >= limits.Fewest && limits.ErrorShare is { } share && (double)_failedRecently / _recent.Count is var failed
            && failed > share)
        {
            return new("errorShare", $"{_failedRecently} of {_recent.Count} requests failed within {Number(limits.Window.TotalSeconds)} s "
                + $"({Number(100 * failed)} %, at most {Number(100 * share)} %)");
        }

        return Slow("latency", "latency", limits.Latency, _recent.Where(one => one.Ok).Select(one => one.Took))
            ?? Slow(
                "firstToken", "time to the first token", limits.FirstToken,
                _recent.Where(one => one.Ok).Select(one => one.FirstToken).OfType<long>());
    }

    private BrokenLimit? Slow(string key, string what, TimeSpan? limit, IEnumerable<long> times)
    {
        if (limit is not { } most)
        {
            return null;
        }

        var sorted = times.Order().ToList();
        if (sorted.Count < limits.Fewest)
        {
            return null;
        }

        var found = Seconds(sorted[(int)Math.Ceiling(Percentile * sorted.Count) - 1]);
        return found > most.TotalSeconds
            ? new(key, $"the 95th percentile of {what} within {Number(limits.Window.TotalSeconds)} s is {Number(found)} s "
                + $"(at most {Number(most.TotalSeconds)} s)")
            : null;
    }

    private void Forget(long now)
    {
        var from = now - (long)(limits.Window.TotalSeconds * frequency);
        while (_recent.TryPeek(out var oldest) && oldest.At < from)
        {
            _failedRecently -= _recent.Dequeue().Ok ? 0 : 1;
        }
    }

    private double Seconds(long ticks) => (double)ticks / frequency;

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}

/// <summary>A limit that was broken.</summary>
/// <param name="Key">Its key in scenarios.json.</param>
/// <param name="Text">What was measured, and what was allowed.</param>
internal sealed record BrokenLimit(string Key, string Text);

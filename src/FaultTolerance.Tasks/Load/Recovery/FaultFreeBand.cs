using FaultTolerance.Artefacts;

namespace FaultTolerance.Load.Recovery;

/// <summary>
/// Steady state after Brown and Patterson ("Towards Availability Benchmarks", USENIX 2000): what the fault-free part of the same
/// run showed is the band; the service is steady when rate of successes and p95 latency lie inside it again, for
/// <see cref="Window"/> without a break.
/// </summary>
/// <param name="warmUp">Requests in this first part of the load are not taken for the band.</param>
/// <param name="tolerance">How far the band reaches beyond what was seen, as a share.</param>
public sealed class FaultFreeBand(TimeSpan warmUp = default, double tolerance = 0.1) : ISteadyState
{
    /// <summary>How long the service must stay inside the band.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<(DateTimeOffset Ended, double Seconds)> _before = [];
    private readonly Queue<(DateTimeOffset Ended, double Seconds, bool Ok)> _after = new();
    private DateTimeOffset? _first;
    private DateTimeOffset? _fault;
    private double _rate;
    private double _p95;

    /// <inheritdoc/>
    public void Observe(DateTimeOffset intended, DateTimeOffset ended, Outcome outcome)
    {
        var seconds = (ended - intended).TotalSeconds;
        lock (_gate)
        {
            _first ??= intended + warmUp;
            if (_fault is not null)
            {
                _after.Enqueue((ended, seconds, outcome == Outcome.Ok));
            }
            else if (outcome == Outcome.Ok && intended >= _first)
            {
                _before.Add((ended, seconds));
            }
        }
    }

    /// <inheritdoc/>
    public void MarkFault(DateTimeOffset at)
    {
        lock (_gate)
        {
            // With several faults, the part before the first is the only one without any.
            if (_fault is null)
            {
                _fault = at;
                _before.RemoveAll(r => r.Ended > at);
                _p95 = _before.Count == 0 ? 0 : P95([.. _before.Select(r => r.Seconds)]);
                _rate = _before.Count / Math.Max(1e-9, (at - (_first ?? at)).TotalSeconds);
            }
            else if (at > _fault)
            {
                _fault = at;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsSteady(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_fault is not { } fault)
            {
                return true;
            }

            var from = now - Window;
            if (from < fault || _before.Count == 0)
            {
                return false;
            }

            while (_after.TryPeek(out var oldest) && oldest.Ended < from)
            {
                _after.Dequeue();
            }

            var inside = _after.Where(r => r.Ended <= now).ToArray();
            var good = inside.Where(r => r.Ok).Select(r => r.Seconds).ToArray();
            // One request either way at the window's edges is not a change of rate.
            return good.Length == inside.Length
                && good.Length + 1 >= (1 - tolerance) * _rate * Window.TotalSeconds
                && good.Length > 0
                && P95(good) <= (1 + tolerance) * _p95;
        }
    }

    private static double P95(double[] values)
    {
        Array.Sort(values);
        return values[(int)Math.Ceiling(0.95 * values.Length) - 1];
    }
}

using System.Runtime.InteropServices;
using FaultTolerance.Artefacts;

namespace FaultTolerance.Load.Recovery;

/// <summary>
/// Steady state after Brown and Patterson ("Towards Availability Benchmarks", USENIX 2000): what the part before the first fault showed is
/// normal (<see cref="NormalAnswers"/>); the service is steady when for a whole window it answered as many requests, and no more of them
/// were late or failed, than chance allows. The window is long enough that silence, or half of the clients hanging, is told from chance.
/// </summary>
/// <param name="warmUp">Requests in this first part of the load are not taken for what is normal.</param>
internal sealed class FaultFreeBand(TimeSpan warmUp = default) : ISteadyState
{
    // So many answers of a window that three of their standard deviations are less than half of them.
    private const double Enough = 50;

    // One in twenty is over the 95th percentile.
    private const double LateShare = 0.05;

    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly List<Request> _all = [];
    private long _first = long.MaxValue;
    private long _fault = long.MaxValue;
    private long _latest;
    private NormalAnswers? _normal;
    private bool _judged;
    private int _from;

    /// <inheritdoc/>
    public void Observe(DateTimeOffset intended, DateTimeOffset ended, Outcome outcome)
    {
        if (!outcome.TellsOfService())
        {
            return;
        }

        lock (_gate)
        {
            _first = Math.Min(_first, intended.UtcTicks);
            _all.Add(new Request(intended.UtcTicks, ended.UtcTicks, outcome == Outcome.Ok));
        }
    }

    /// <inheritdoc/>
    public void MarkFault(DateTimeOffset at)
    {
        lock (_gate)
        {
            // With several faults, the part before the first is the only one without any.
            _fault = Math.Min(_fault, at.UtcTicks);
            _latest = Math.Max(_latest, at.UtcTicks);
        }
    }

    /// <inheritdoc/>
    public bool IsSteady(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_fault == long.MaxValue)
            {
                return true;
            }

            if (!_judged)
            {
                _normal = Before();
                _judged = true;
            }

            return _normal is { } normal && Holds(normal, now.UtcTicks);
        }
    }

    private bool Holds(NormalAnswers normal, long now)
    {
        var window = Math.Max(ShortestWindow.Ticks, (long)(Enough / normal.Rate));
        var from = now - window;
        if (from < _latest)
        {
            return false;
        }

        // Requests are entered nearly in the order of their ends; those that are too old for this window are too old for the next.
        while (_from < _all.Count && _all[_from].End < from)
        {
            _from++;
        }

        int good = 0, bad = 0, late = 0;
        foreach (ref readonly var request in CollectionsMarshal.AsSpan(_all)[_from..])
        {
            if (request.End >= from && request.End <= now)
            {
                good += request.Ok ? 1 : 0;
                bad += request.Ok ? 0 : 1;
                late += request.Ok && request.End - request.Start > normal.Limit ? 1 : 0;
            }
        }

        var expected = normal.Rate * window;
        return good >= expected - Math.Max(3 * Math.Sqrt(expected), 0.1 * expected)
            && late <= Binomial.Most(good, LateShare)
            && bad <= Binomial.Most(good + bad, normal.FailedShare);
    }

    private NormalAnswers? Before()
    {
        var before = _all.FindAll(request => request.End < _fault);
        before.Sort(static (x, y) => x.Start.CompareTo(y.Start));
        return NormalAnswers.Of<Request>(CollectionsMarshal.AsSpan(before), _first + warmUp.Ticks, _fault, ShortestWindow.Ticks / 5);
    }

    private readonly record struct Request(long Start, long End, bool Ok) : IAnswered;
}

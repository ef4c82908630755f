using FaultTolerance.Artefacts;

namespace FaultTolerance.Load.Recovery;

/// <summary>
/// Steady state after Brown and Patterson ("Towards Availability Benchmarks", USENIX 2000): what the part before the first fault showed is
/// the band; the service is steady when rate of successes and p95 latency lie inside it again for a whole window, without more
/// failures than the band had. The window is long enough that silence, or half of the clients hanging, is told from chance.
/// </summary>
/// <param name="warmUp">Requests in this first part of the load are not taken for the band.</param>
public sealed class FaultFreeBand(TimeSpan warmUp = default) : ISteadyState
{
    /// <summary>Fewer answers than this before the fault say nothing of what is normal: the service is never found steady then.</summary>
    public const int Fewest = 20;

    // So many answers of a window that three of their standard deviations are less than half of them.
    private const double Enough = 50;

    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly List<(DateTimeOffset Ended, double Seconds, bool Ok)> _all = [];
    private DateTimeOffset? _first;
    private DateTimeOffset? _fault;
    private DateTimeOffset _latest;
    private Band? _band;
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
            _first = _first is { } first && first <= intended ? first : intended;
            _all.Add((ended, (ended - intended).TotalSeconds, outcome == Outcome.Ok));
        }
    }

    /// <inheritdoc/>
    public void MarkFault(DateTimeOffset at)
    {
        lock (_gate)
        {
            // With several faults, the part before the first is the only one without any.
            _fault ??= at;
            _latest = at > _latest ? at : _latest;
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

            _band ??= Before(fault);
            if (_band.Answers < Fewest || now - _band.Window < _latest)
            {
                return false;
            }

            // Requests are entered nearly in the order of their ends; those that are too old for this window are too old for the next.
            var from = now - _band.Window;
            while (_from < _all.Count && _all[_from].Ended < from)
            {
                _from++;
            }

            return Holds(_band, _all.Skip(_from).Where(request => request.Ended >= from && request.Ended <= now));
        }
    }

    private static bool Holds(Band band, IEnumerable<(DateTimeOffset Ended, double Seconds, bool Ok)> window)
    {
        int good = 0, bad = 0, slow = 0;
        foreach (var (_, seconds, ok) in window)
        {
            good += ok ? 1 : 0;
            bad += ok ? 0 : 1;
            slow += ok && seconds > band.Limit ? 1 : 0;
        }

        var expected = band.Rate * band.Window.TotalSeconds;
        return good >= expected - Math.Max(3 * Math.Sqrt(expected), 0.1 * expected)
            && slow <= Binomial.Most(good, 0.05)
            && bad <= Binomial.Most(good + bad, band.FailedShare);
    }

    private Band Before(DateTimeOffset fault)
    {
        var from = _first + warmUp;
        var before = _all.FindAll(request => request.Ended <= fault && request.Ended - TimeSpan.FromSeconds(request.Seconds) >= from);
        double[] seconds = [.. before.Where(request => request.Ok).Select(request => request.Seconds).Order()];
        if (seconds.Length == 0)
        {
            return new(0, 0, 0, 0, ShortestWindow);
        }

        var rate = seconds.Length / Math.Max(1e-9, (fault - from!.Value).TotalSeconds);
        var p95 = seconds[(int)Math.Ceiling(0.95 * seconds.Length) - 1];
        var window = TimeSpan.FromSeconds(Math.Min(Math.Max(ShortestWindow.TotalSeconds, Enough / rate), TimeSpan.FromDays(1).TotalSeconds));
        return new(seconds.Length, rate, 1.25 * p95, 1 - ((double)seconds.Length / before.Count), window);
    }

    private sealed record Band(int Answers, double Rate, double Limit, double FailedShare, TimeSpan Window);
}

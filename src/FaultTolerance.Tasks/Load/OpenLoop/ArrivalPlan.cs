using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.OpenLoop;

/// <summary>
/// When each request of an open loop is to be sent, in seconds from the start. It depends on rate, ramp, kind and seed alone:
/// whatever happens to the requests, the plan stands.
/// </summary>
/// <remarks>
/// Arrivals are points of unit rate (whole numbers, or a unit Poisson process) carried through the inverse of the expected count
/// N(t) = r t²/(2R) during a ramp of R seconds, and r (t - R/2) after it. So a constant plan has no drift however long it is.
/// </remarks>
internal sealed class ArrivalPlan
{
    private readonly double _rate;
    private readonly double _ramp;
    private readonly bool _poisson;
    private readonly Random _random;
    private double _unit;

    public ArrivalPlan(LoadSpec spec)
    {
        _rate = spec.RatePerClient * spec.Clients;
        _ramp = spec.Ramp.TotalSeconds;
        _poisson = spec.Arrivals == Arrivals.Poisson;
        _random = new Random(spec.Seed);
    }

    /// <summary>The next arrival. The first of a constant plan is at 0.</summary>
    public double Next()
    {
        if (_poisson)
        {
            // 1 - u lies in (0, 1], whose logarithm is finite.
            _unit -= Math.Log(1 - _random.NextDouble());
            return When(_unit);
        }

        return When(_unit++);
    }

    private double When(double count)
    {
        var ramped = _rate * _ramp / 2;
        return count < ramped ? Math.Sqrt(2 * _ramp * count / _rate) : (count / _rate) + (_ramp / 2);
    }
}

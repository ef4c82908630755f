using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.OpenLoop;

/// <summary>
/// When each request of an open loop is to be sent, in seconds from the start. It depends on rate, ramp, kind and seed alone:
/// whatever happens to the requests, the plan stands.
/// </summary>
/// <remarks>
/// Arrivals are points of unit rate (whole numbers, or a renewal process of rate 1 with exponential or gamma gaps) carried through the
/// inverse of the expected count
/// N(t) = r t²/(2R) during a ramp of R seconds, and r (t - R/2) after it. So a constant plan has no drift however long it is.
/// </remarks>
internal sealed class ArrivalPlan : IArrivals
{
    private readonly double _rate;
    private readonly double _ramp;
    private readonly Arrivals _arrivals;
    private readonly double _shape;
    private readonly Random _random;
    private double _unit;

    public ArrivalPlan(LoadSpec spec)
    {
        _rate = spec.RatePerClient * spec.Clients;
        _ramp = spec.Ramp.TotalSeconds;
        (_arrivals, _shape) = (spec.Arrivals, spec.Burstiness);
        _random = new Random(spec.Seed);
    }

    /// <summary>The next arrival. The first of a constant plan is at 0.</summary>
    public double Next()
    {
        if (_arrivals == Arrivals.Constant)
        {
            return When(_unit++);
        }

        _unit += _arrivals == Arrivals.Poisson ? Exponential() : Gamma(_shape) / _shape;
        return When(_unit);
    }

    // 1 - u lies in (0, 1], whose logarithm is finite.
    private double Exponential() => -Math.Log(1 - _random.NextDouble());

    // Marsaglia and Tsang (2000); below a shape of 1 by one more and a power of a uniform number.
    private double Gamma(double shape)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1) * Math.Pow(1 - _random.NextDouble(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - _random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }

    private double Normal() => Math.Sqrt(2 * Exponential()) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private double When(double count)
    {
        var ramped = _rate * _ramp / 2;
        return count < ramped ? Math.Sqrt(2 * _ramp * count / _rate) : (count / _rate) + (_ramp / 2);
    }
}

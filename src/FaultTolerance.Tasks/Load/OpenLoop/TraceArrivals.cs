using System.Collections.Immutable;

namespace FaultTolerance.Load.OpenLoop;

/// <summary>The times of a trace. A load that lasts longer begins it again, a usual gap after its end.</summary>
/// <param name="times">Seconds from the first request, in order; at least one.</param>
internal sealed class TraceArrivals(ImmutableArray<double> times) : IArrivals
{
    private readonly double _lap = times.Length > 1 && times[^1] > 0 ? times[^1] * times.Length / (times.Length - 1) : 1;
    private long _next;

    /// <inheritdoc/>
    public double Next()
    {
        var (lap, index) = Math.DivRem(_next++, times.Length);
        return (lap * _lap) + times[(int)index];
    }
}

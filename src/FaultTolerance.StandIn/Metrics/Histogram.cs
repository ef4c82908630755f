using System.Globalization;
using System.Text;

namespace FaultTolerance.StandIn.Metrics;

/// <summary>Counts by upper bound, with sum and count.</summary>
internal sealed class Histogram(double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public void Observe(double value)
    {
        var bucket = Array.FindIndex(bounds, bound => value <= bound);
        lock (_gate)
        {
            _counts[bucket < 0 ? bounds.Length : bucket]++;
            _sum += value;
        }
    }

    /// <summary>The lines of this histogram; buckets are cumulative, as the format asks.</summary>
    public void Write(StringBuilder text, string name, Label[] labels)
    {
        lock (_gate)
        {
            long below = 0;
            for (var i = 0; i < _counts.Length; i++)
            {
                below += _counts[i];
                var bound = i < bounds.Length ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
                MetricRegistry.Line(text, $"{name}_bucket", [.. labels, new("le", bound)], below);
            }

            MetricRegistry.Line(text, $"{name}_sum", labels, _sum);
            MetricRegistry.Line(text, $"{name}_count", labels, below);
        }
    }
}

using System.Collections.Immutable;

namespace FaultTolerance.Artefacts.Metrics;

/// <summary>A value that a series took, or that it was asked for in vain.</summary>
/// <param name="At">When it was asked for, UTC ticks.</param>
/// <param name="Value">The value.</param>
/// <param name="Line">The line, from 1.</param>
internal readonly record struct MetricChange(long At, double Value, int Line);

/// <summary>A pod's metrics through the load, as <c>{pod}.metrics.jsonl</c> holds them.</summary>
/// <param name="Service">The service's folder.</param>
/// <param name="Pod">The pod.</param>
/// <param name="File">The file.</param>
/// <param name="Polls">When the pod was asked, UTC ticks, and whether it answered; by time.</param>
/// <param name="Series">Per series, <c>name{labels}</c>, the values that it took; between two of them it kept the earlier.</param>
internal sealed record PodMetrics(
    string Service,
    string Pod,
    string File,
    ImmutableArray<(long At, bool Answered)> Polls,
    ImmutableSortedDictionary<string, ImmutableArray<MetricChange>> Series
)
{
    /// <summary>
    /// How much a counter rose. One that falls began anew with its process; one that comes after the pod's first answer began with 0.
    /// </summary>
    /// <param name="values">One of the pod's <see cref="Series"/>.</param>
    public double Rise(ImmutableArray<MetricChange> values)
    {
        var first = Polls.First(poll => poll.Answered).At;
        var (last, rise) = (values[0].At <= first ? values[0].Value : 0, 0.0);
        foreach (var change in values)
        {
            rise += change.Value >= last ? change.Value - last : change.Value;
            last = change.Value;
        }

        return rise;
    }
}

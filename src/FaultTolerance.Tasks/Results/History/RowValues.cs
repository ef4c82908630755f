using FaultTolerance.Results.Comparison;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Statistics;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Results.History;

/// <summary>What a row of one run has of the measures that runs are compared by.</summary>
internal static class RowValues
{
    // Fewer answers than these tell no percentile worth showing.
    private const int FewestAnswers = 20;

    /// <summary>The measures that the row knows.</summary>
    /// <param name="row">The row with its trials.</param>
    /// <param name="run">The run's number in the history.</param>
    public static IEnumerable<(string Measure, HistoryPoint Point)> Of(RowTrials row, int run)
    {
        foreach (var measure in ComparedMeasures.Times.Select(time => time.Id))
        {
            if (row.Recovery(measure) is { Median.Kind: not MeasuredKind.Unknown } spread)
            {
                yield return (measure, new HistoryPoint(run, spread.Median.Kind == MeasuredKind.NotNeeded ? 0 : spread.Median.Seconds)
                {
                    IsBound = spread.Median.Kind == MeasuredKind.Censored,
                    Interval = spread.Interval,
                });
            }
        }

        if (row.LostShare is { Sent: > 0 } share)
        {
            yield return (ComparedMeasures.LostShare, new HistoryPoint(run, (double)share.Lost / share.Sent)
            {
                Interval = (share.Low, share.High),
            });
        }

        if (row.WholeStreams is { Compared: > 0 } streams)
        {
            yield return (ComparedMeasures.Continuity, new HistoryPoint(run, (double)streams.Whole / streams.Compared)
            {
                Interval = (streams.Low, streams.High),
            });
        }

        foreach (var number in ComparedMeasures.Numbers)
        {
            if (row.Spread(number) is { Median.Kind: MeasuredKind.Value } spread)
            {
                yield return (number.Id, new HistoryPoint(run, spread.Median.Seconds) { Interval = spread.Interval });
            }
        }

        double[] latencies = [.. row.Sound.SelectMany(ComparedMeasures.LatencyBefore).Order()];
        foreach (var (id, _, part) in ComparedMeasures.Latencies.Where(_ => latencies.Length >= FewestAnswers))
        {
            var (value, low, high) = QuantileInterval.Of(latencies, part);
            yield return (id, new HistoryPoint(run, value) { Interval = (low, high) });
        }
    }
}

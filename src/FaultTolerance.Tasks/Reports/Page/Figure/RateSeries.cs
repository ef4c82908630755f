using FaultTolerance.Artefacts;
using FaultTolerance.Results;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>Requests per stretch of time: ended, by class of outcome; and offered, by the instant they were meant to be sent.</summary>
/// <param name="From">The first stretch's begin.</param>
/// <param name="Width">A stretch's length, ticks.</param>
/// <param name="Ended">Per stretch a count by <see cref="OutcomeClass.All"/>.</param>
/// <param name="Offered">Per stretch a count.</param>
internal sealed record RateSeries(long From, long Width, int[][] Ended, int[] Offered)
{
    private const int MostStretches = 70;

    /// <summary>A count of one slice as a rate.</summary>
    public double PerSecond(int count) => count * (double)TimeSpan.TicksPerSecond / Width;

    /// <summary>Counts; stretches are cut so that one begins at the axis's zero.</summary>
    public static RateSeries Of(ScenarioResult row, TimeAxis axis)
    {
        var width = (long)(TimeAxis.NiceStep(axis.Seconds / MostStretches) * TimeSpan.TicksPerSecond);
        var before = (axis.Zero - axis.From + width - 1) / width;
        var from = axis.Zero - (before * width);
        var count = (int)((axis.To - from) / width) + 1;
        var ended = Enumerable.Range(0, count + 1).Select(_ => new int[OutcomeClass.All.Length]).ToArray();
        var offered = new int[count + 1];
        // The place of an instant; one more than there are, which nobody looks at, for what lies outside.
        long Place(long at) => at >= from && (at - from) / width is var place && place < count ? place : count;

        foreach (var chunk in row.Attempts.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt.IsLast)
                {
                    var kind = OutcomeClass.Index(attempt.Outcome);
                    ended[Place(attempt.Ended)][kind]++;
                    offered[Place(Start(attempt))]++;
                }
            }
        }

        foreach (var unsent in row.Unsent.Where(unsent => unsent.Intended != 0))
        {
            offered[Place(unsent.Intended)]++;
        }

        return new RateSeries(from, width, ended[..count], offered[..count]);
    }

    /// <summary>When a request was meant to be sent; when it was sent, in logs that do not say.</summary>
    public static long Start(in Attempt attempt) =>
        attempt.Intended != 0 ? attempt.Intended : attempt.Sent != 0 ? attempt.Sent : attempt.Ended - (attempt.ElapsedNanoseconds / 100);
}

using FaultTolerance.Artefacts;
using FaultTolerance.Results;

namespace FaultTolerance.Reports.Pipelines;

/// <summary>Goodput over the load as a line of blocks, for places that show text only.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Requests answered per equal part of the load, scaled to the greatest; empty where nothing was sent.</summary>
    /// <param name="row">The row.</param>
    /// <param name="width">How many blocks.</param>
    public static string Draw(ScenarioResult row, int width = 40)
    {
        ArgumentNullException.ThrowIfNull(row);
        var (from, to) = (long.MaxValue, long.MinValue);
        foreach (var chunk in row.Attempts.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                (from, to) = attempt.IsLast ? (Math.Min(from, attempt.Ended), Math.Max(to, attempt.Ended)) : (from, to);
            }
        }

        if (from > to)
        {
            return "";
        }

        var counts = new int[width];
        foreach (var chunk in row.Attempts.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt is { IsLast: true, Outcome: Outcome.Ok })
                {
                    counts[(int)((attempt.Ended - from) * (width - 1) / Math.Max(1, to - from))]++;
                }
            }
        }

        var most = Math.Max(1, counts.Max());
        return string.Concat(counts.Select(count => Blocks[(int)Math.Ceiling(count * (Blocks.Length - 1.0) / most)]));
    }
}

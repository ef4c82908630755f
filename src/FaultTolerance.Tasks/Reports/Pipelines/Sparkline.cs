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
        var ends = row
            .Attempts.SelectMany(client => client)
            .Where(attempt => attempt.IsLast)
            .Select(attempt => (attempt.Ended, Ok: attempt.Outcome == Outcome.Ok))
            .ToList();
        if (ends.Count == 0)
        {
            return "";
        }

        var (from, to) = (ends.Min(end => end.Ended), ends.Max(end => end.Ended));
        var counts = new int[width];
        foreach (var (at, ok) in ends)
        {
            counts[(int)((at - from) * (width - 1) / Math.Max(1, to - from))] += ok ? 1 : 0;
        }

        var most = Math.Max(1, counts.Max());
        return string.Concat(counts.Select(count => Blocks[(int)Math.Ceiling(count * (Blocks.Length - 1.0) / most)]));
    }
}

using System.Collections.Immutable;
using FaultTolerance.Results.Comparison;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Results.History;

/// <summary>A run in a history.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="StartedAt">When it began, UTC.</param>
internal sealed record HistoryRun(string Id, string Folder, DateTimeOffset StartedAt)
{
    /// <summary>Whether stand-ins served.</summary>
    public bool StandIn { get; init; }

    /// <summary>The version of what its measures mean.</summary>
    public int Definitions { get; init; }

    /// <summary>Why it is left out; null where it is not.</summary>
    public string? LeftOut { get; init; }
}

/// <summary>A row's measure in one run.</summary>
/// <param name="Run">The run's number in the history, from 0.</param>
/// <param name="Value">The row's value, of trials the median; of its measure's unit.</param>
internal sealed record HistoryPoint(int Run, double Value)
{
    /// <summary>Whether it is a lower bound: the load ended first.</summary>
    public bool IsBound { get; init; }

    /// <summary>The value's own interval of 95 %; null where one trial of a time tells none.</summary>
    public (double Low, double High)? Interval { get; init; }

    /// <summary>
    /// What it was compared with: the number of the latest earlier run that has the row, and what that says; null for none.
    /// </summary>
    public (int Run, Delta Delta)? Compared { get; init; }

    /// <summary>1 where it grew, -1 where it fell by more than the data can take for chance, else 0.</summary>
    public int Sign => Compared?.Delta.Sign ?? 0;
}

/// <summary>A measure of one row through the runs.</summary>
/// <param name="Row">The row's name.</param>
/// <param name="Measure">The measure's id.</param>
/// <param name="Points">Its values, in the order of runs; runs that do not know it have none.</param>
internal sealed record HistoryLine(string Row, string Measure, ImmutableArray<HistoryPoint> Points);

/// <summary>
/// Runs over time, a line a row and measure. A row is compared with the same row of the latest earlier run that has it, by the test by
/// which two runs are compared; runs of two versions of the definitions, and stand-ins and others, are never compared.
/// </summary>
/// <param name="Runs">The runs, oldest first.</param>
/// <param name="Lines">The lines, by row and then by measure.</param>
internal sealed record RunHistory(ImmutableArray<HistoryRun> Runs, ImmutableArray<HistoryLine> Lines)
{
    /// <summary>Changes that are more than chance, newest first.</summary>
    public IEnumerable<(HistoryLine Line, HistoryPoint Point)> Changes =>
        Lines.SelectMany(line => line.Points.Where(point => point.Sign != 0).Select(point => (line, point)))
            .OrderByDescending(one => one.point.Run);

    /// <summary>Reads the runs one after the other.</summary>
    /// <param name="runs">The runs, oldest first.</param>
    /// <param name="parse">Reads one; FT0801 and its kin leave the run out.</param>
    public static RunHistory Of(IReadOnlyList<HistoryRun> runs, Func<HistoryRun, RunResult> parse)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(parse);
        var told = new List<HistoryRun>(runs.Count);
        var points = new Dictionary<(string Row, string Measure), List<HistoryPoint>>();
        var latest = new Dictionary<string, (int Run, RunResult Result)>(StringComparer.Ordinal);
        for (var i = 0; i < runs.Count; i++)
        {
            RunResult result;
            try
            {
                result = parse(runs[i]);
            }
            catch (FaultMatrixException e)
            {
                told.Add(runs[i] with { LeftOut = $"{e.Code}: {e.Message}" });
                continue;
            }

            told.Add(runs[i] with { StandIn = result.StandIn, Definitions = result.Definitions });
            var sound = RowTrials.Of(result.Scenarios).Where(row => row.All.Any(RowTrials.IsSound)).ToList();
            var compared = Compared(sound, latest, result);
            foreach (var (row, point) in sound.SelectMany(row => RowValues.Of(row, i).Select(point => (row.Name, point))))
            {
                var key = (row, point.Measure);
                if (!points.TryGetValue(key, out var line))
                {
                    points[key] = line = [];
                }

                line.Add(compared.TryGetValue(key, out var before) ? point.Point with { Compared = before } : point.Point);
            }

            foreach (var row in sound)
            {
                latest[row.Name] = (i, result);
            }
        }

        var order = ComparedMeasures.All.ToList();
        return new RunHistory([.. told],
        [
            .. points.OrderBy(pair => pair.Key.Row, StringComparer.Ordinal).ThenBy(pair => order.IndexOf(pair.Key.Measure))
                .Select(pair => new HistoryLine(pair.Key.Row, pair.Key.Measure, [.. pair.Value])),
        ]);
    }

    // Each earlier run that is the latest of some row is compared once, whole: how far rows scatter is told by all that both have.
    private static Dictionary<(string Row, string Measure), (int Run, Delta Delta)> Compared(
        List<RowTrials> rows, Dictionary<string, (int Run, RunResult Result)> latest, RunResult result)
    {
        var compared = new Dictionary<(string, string), (int, Delta)>();
        foreach (var group in rows.Where(row => latest.ContainsKey(row.Name)).GroupBy(row => latest[row.Name].Run))
        {
            var (run, older) = latest[group.First().Name];
            if (older.Definitions != result.Definitions || older.StandIn != result.StandIn)
            {
                continue;
            }

            var names = group.Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var row in RunComparison.Of(older, result).Rows.Where(row => names.Contains(row.Scenario)))
            {
                foreach (var delta in row.Deltas)
                {
                    compared[(row.Scenario, delta.Measure)] = (run, delta);
                }
            }
        }

        return compared;
    }
}

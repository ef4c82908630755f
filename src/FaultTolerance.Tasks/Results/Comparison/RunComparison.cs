using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Statistics;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Results.Comparison;

/// <summary>A measure of one row in two runs.</summary>
/// <param name="Measure">Its name.</param>
/// <param name="Older">Its value in the older run.</param>
/// <param name="Newer">In the newer.</param>
/// <param name="Low">Lower end of the difference's interval of 95 %; null where the data give none.</param>
/// <param name="High">Upper end.</param>
internal sealed record Delta(string Measure, double Older, double Newer, double? Low, double? High)
{
    /// <summary>
    /// The service that the fault hit; empty for a baseline. What a change does to one service's restart it does not do to another's.
    /// </summary>
    public string Hit { get; init; } = "";

    /// <summary>Whether the older value is a lower bound: the observation ended first.</summary>
    public bool OlderIsBound { get; init; }

    /// <summary>Whether the newer value is.</summary>
    public bool NewerIsBound { get; init; }

    /// <summary>Whether the interval is that of the row's own trials.</summary>
    public bool FromTrials { get; init; }

    /// <summary>Newer less older; with a bound, what it is at least or at most.</summary>
    public double Difference => Newer - Older;

    /// <summary>1 for greater, -1 for less, 0 where the data cannot tell.</summary>
    public int Sign => Low > 0 ? 1 : High < 0 ? -1 : 0;
}

/// <summary>A row in two runs.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Deltas">What both runs measured.</param>
/// <param name="Missing">Why something could not be compared; null where nothing is missing.</param>
internal sealed record RowComparison(string Scenario, ImmutableArray<Delta> Deltas, string? Missing);

/// <summary>
/// Two runs row by row. Where a row was tried often enough in both (four times each), its own trials say how far it scatters: the
/// difference is that of the medians, its interval that of the shift. Where it was run once, what its times would be on another try is
/// not known from the row itself: how far rows that hit the same service scatter around their common shift is what a difference must
/// exceed. Over the rows that hit the same service the median shift has an interval of its own.
/// </summary>
/// <param name="Older">The older run's id.</param>
/// <param name="Newer">The newer run's id.</param>
/// <param name="StandIn">Whether either ran stand-ins.</param>
/// <param name="Rows">The rows, in the newer run's order.</param>
/// <param name="Overall">Per measure and service that was hit the median difference over the rows with its interval.</param>
internal sealed record RunComparison(
    string Older,
    string Newer,
    bool StandIn,
    ImmutableArray<RowComparison> Rows,
    ImmutableArray<(string Measure, string Hit, int Rows, double Median, double Low, double High)> Overall
)
{
    /// <summary>Fewer rows than this say nothing about how far rows scatter.</summary>
    public const int FewestRows = 6;

    /// <summary>Compares.</summary>
    /// <exception cref="FaultMatrixException">FT0815 for runs of two versions of the definitions.</exception>
    public static RunComparison Of(RunResult older, RunResult newer)
    {
        ArgumentNullException.ThrowIfNull(older);
        ArgumentNullException.ThrowIfNull(newer);
        if (older.Definitions != newer.Definitions)
        {
            throw new FaultMatrixException(
                DefinitionsVersion.Mixed,
                $"the runs do not mean the same by their measures: {Name(older)} was made under version {older.Definitions} of the definitions, {Name(newer)} under {newer.Definitions}; make both with one version of this tool"
            )
            {
                File = newer.Folder,
            };
        }

        var before = RowTrials.Of(older.Scenarios).ToDictionary(row => row.Name, StringComparer.Ordinal);
        var after = RowTrials.Of(newer.Scenarios);
        var pairs = after.Where(row => before.ContainsKey(row.Name)).Select(row => (Old: before[row.Name], New: row)).ToList();
        var sound = pairs.Where(pair => IsSound(pair.Old) && IsSound(pair.New)).ToList();
        var raw = sound.ToDictionary(pair => pair.New.Name, pair => Values(pair.Old, pair.New), StringComparer.Ordinal);
        var scatter = raw.Values.SelectMany(deltas => deltas).Where(delta => !delta.OlderIsBound && !delta.NewerIsBound)
            .GroupBy(delta => (delta.Measure, delta.Hit))
            .ToDictionary(group => group.Key, group => Scatter([.. group.Select(delta => delta.Difference)]));
        var rows = after.Select(row => new RowComparison(
            row.Name,
            raw.TryGetValue(row.Name, out var deltas) ? [.. deltas.Select(delta => Widen(delta, scatter))] : [],
            Missing(row, before)
        ));
        var gone = before
            .Values.Where(row => after.All(other => other.Name != row.Name))
            .Select(row => new RowComparison(row.Name, [], "only in the older run"));
        return new RunComparison(Name(older), Name(newer), older.StandIn || newer.StandIn, [.. rows, .. gone], Overalls(raw.Values));
    }

    private static ImmutableArray<(string, string, int, double, double, double)> Overalls(IEnumerable<List<Delta>> rows) =>
    [
        .. rows.SelectMany(deltas => deltas).Where(delta => !delta.OlderIsBound && !delta.NewerIsBound)
            .GroupBy(delta => (delta.Measure, delta.Hit))
            .Where(group => group.Count() >= FewestRows)
            .OrderBy(group => group.Key.Hit, StringComparer.Ordinal)
            .Select(group =>
            {
                double[] differences = [.. group.Select(delta => delta.Difference)];
                var (low, high) = Bootstrap.Interval(differences, Bootstrap.Median);
                return (group.Key.Measure, group.Key.Hit, differences.Length, Bootstrap.Median([.. differences]), low, high);
            }),
    ];

    private static string Name(RunResult run) => run.Id.Length > 0 ? run.Id : Path.GetFileName(run.Folder);

    private static bool IsSound(RowTrials row) => row.All.Any(RowTrials.IsSound);

    private static string? Missing(RowTrials row, Dictionary<string, RowTrials> before) =>
        !before.TryGetValue(row.Name, out var old) ? "only in the newer run"
        : !IsSound(old) ? $"the older row is {old.Typical.State.ToString().ToLowerInvariant()}"
        : !IsSound(row) ? $"the newer row is {row.Typical.State.ToString().ToLowerInvariant()}"
        : null;

    private static List<Delta> Values(RowTrials older, RowTrials newer)
    {
        var deltas = new List<Delta>();
        foreach (var name in ComparedMeasures.Times.Select(measure => measure.Id))
        {
            // Two bounds tell nothing of their difference.
            if (
                Of(older, name) is { } a
                && Of(newer, name) is { } b
                && !(a.Median.Kind == MeasuredKind.Censored && b.Median.Kind == MeasuredKind.Censored)
            )
            {
                var shift = Known(a) && Known(b) ? ShiftInterval.Of(Numbers(a), Numbers(b)) : null;
                deltas.Add(
                    new Delta(name, a.Median.Seconds, b.Median.Seconds, shift?.Low, shift?.High)
                    {
                        OlderIsBound = a.Median.Kind == MeasuredKind.Censored,
                        NewerIsBound = b.Median.Kind == MeasuredKind.Censored,
                        FromTrials = shift is not null,
                    }
                );
            }
        }

        Shares(deltas, older, newer);
        Latencies(deltas, older, newer);
        NumbersOf(deltas, older, newer);
        var hit = newer.Typical.Timeline.OfType<FaultLanded>().FirstOrDefault()?.Service ?? "";
        return [.. deltas.Select(delta => delta with { Hit = hit })];
    }

    private static void Shares(List<Delta> deltas, RowTrials older, RowTrials newer)
    {
        Share(deltas, ComparedMeasures.LostShare, older.LostShare, newer.LostShare, Lost(older), Lost(newer));
        Share(deltas, ComparedMeasures.Continuity, older.WholeStreams, newer.WholeStreams, Whole(older), Whole(newer));

        static double[] Lost(RowTrials row) =>
            [.. row.Sound.Where(trial => trial.Books.Sent > 0).Select(trial => (double)RowTrials.LostBy(trial) / trial.Books.Sent)];

        static double[] Whole(RowTrials row) => [.. row.Continuities.Select(one => one.Share!.Value)];
    }

    // What belongs to one trial shares its fate: where there are trials, these are what scatters, and not requests or streams.
    private static void Share(
        List<Delta> deltas, string measure, (long Part, long All, double Low, double High) older,
        (long Part, long All, double Low, double High) newer, double[] each, double[] eachNewer)
    {
        if (older.All == 0 || newer.All == 0)
        {
            return;
        }

        var shift = ShiftInterval.Of(each, eachNewer);
        var (low, high) = shift ?? Wilson.Difference(older.Part, older.All, newer.Part, newer.All);
        deltas.Add(new Delta(measure, (double)older.Part / older.All, (double)newer.Part / newer.All, low, high)
        {
            FromTrials = shift is not null,
        });
    }

    private static void Latencies(List<Delta> deltas, RowTrials older, RowTrials newer)
    {
        var (x, y) = (Before(older), Before(newer));
        foreach (var (name, _, share) in ComparedMeasures.Latencies)
        {
            if (x.Length >= 20 && y.Length >= 20)
            {
                var (_, low, high) = QuantileInterval.Difference(x, y, share);
                deltas.Add(new Delta(name, QuantileInterval.Of(x, share).Value, QuantileInterval.Of(y, share).Value, low, high));
            }
        }

        static double[] Before(RowTrials row) => [.. row.Sound.SelectMany(ComparedMeasures.LatencyBefore).Order()];
    }

    private static void NumbersOf(List<Delta> deltas, RowTrials older, RowTrials newer)
    {
        foreach (var measure in ComparedMeasures.Numbers)
        {
            if (older.Spread(measure) is { } a && newer.Spread(measure) is { } b)
            {
                var shift = ShiftInterval.Of(Numbers(a), Numbers(b));
                deltas.Add(new Delta(measure.Id, a.Median.Seconds, b.Median.Seconds, shift?.Low, shift?.High)
                {
                    FromTrials = shift is not null,
                });
            }
        }
    }

    private static bool Known(Spread spread) => spread.Values.All(value => value.Kind == MeasuredKind.Value);

    private static double[] Numbers(Spread spread) => [.. spread.Values.Select(value => value.Seconds)];

    // What was not needed has no time to compare.
    private static Spread? Of(RowTrials row, string name) =>
        Spread.Of(
            row.Sound.SelectMany(trial =>
                trial.Recovered(name) is { Kind: MeasuredKind.Value or MeasuredKind.Censored } known ? [known] : Array.Empty<Measured>()
            )
        );

    // The deviation that a normal distribution of the same median absolute deviation has; a few odd rows do not move it.
    private static double? Scatter(double[] differences)
    {
        if (differences.Length < FewestRows)
        {
            return null;
        }

        var median = Bootstrap.Median([.. differences]);
        return 1.4826 * Bootstrap.Median([.. differences.Select(difference => Math.Abs(difference - median))]);
    }

    private static Delta Widen(Delta delta, Dictionary<(string Measure, string Hit), double?> scatter)
    {
        if (delta.FromTrials)
        {
            return delta;
        }

        if (!scatter.TryGetValue((delta.Measure, delta.Hit), out var spread) || spread is not { } known)
        {
            return delta with { Low = null, High = null };
        }

        var half = Wilson.Z95 * known;
        if (delta.OlderIsBound || delta.NewerIsBound)
        {
            return delta with
            {
                Low = delta.NewerIsBound ? delta.Difference - half : double.NegativeInfinity,
                High = delta.NewerIsBound ? double.PositiveInfinity : delta.Difference + half,
            };
        }

        return delta with
        {
            Low = Math.Min(delta.Low ?? double.PositiveInfinity, delta.Difference - half),
            High = Math.Max(delta.High ?? double.NegativeInfinity, delta.Difference + half),
        };
    }
}

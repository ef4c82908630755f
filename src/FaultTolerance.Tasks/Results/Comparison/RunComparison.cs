using System.Collections.Immutable;
using FaultTolerance.Load;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Statistics;

namespace FaultTolerance.Results.Comparison;

/// <summary>A measure of one row in two runs.</summary>
/// <param name="Measure">Its name.</param>
/// <param name="Older">Its value in the older run.</param>
/// <param name="Newer">In the newer.</param>
/// <param name="Low">Lower end of the difference's interval of 95 %; null where the data give none.</param>
/// <param name="High">Upper end.</param>
public sealed record Delta(string Measure, double Older, double Newer, double? Low, double? High)
{
    /// <summary>The service that the fault hit; empty for a baseline. What a change does to one service's restart it does not do to another's.</summary>
    public string Hit { get; init; } = "";

    /// <summary>Whether the older value is a lower bound: the observation ended first.</summary>
    public bool OlderIsBound { get; init; }

    /// <summary>Whether the newer value is.</summary>
    public bool NewerIsBound { get; init; }

    /// <summary>Newer less older; with a bound, what it is at least or at most.</summary>
    public double Difference => Newer - Older;

    /// <summary>1 for greater, -1 for less, 0 where the data cannot tell.</summary>
    public int Sign => Low > 0 ? 1 : High < 0 ? -1 : 0;
}

/// <summary>A row in two runs.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Deltas">What both runs measured.</param>
/// <param name="Missing">Why something could not be compared; null where nothing is missing.</param>
public sealed record RowComparison(string Scenario, ImmutableArray<Delta> Deltas, string? Missing);

/// <summary>
/// Two runs row by row. A row was run once in each, so what its times would be on another try is not known from the row itself: how far
/// rows that hit the same service scatter around their common shift is what a difference must exceed. Over the rows that hit the same service the median shift has an interval of its own.
/// </summary>
/// <param name="Older">The older run's id.</param>
/// <param name="Newer">The newer run's id.</param>
/// <param name="StandIn">Whether either ran stand-ins.</param>
/// <param name="Rows">The rows, in the newer run's order.</param>
/// <param name="Overall">Per measure and service that was hit the median difference over the rows with its interval.</param>
public sealed record RunComparison(
    string Older, string Newer, bool StandIn, ImmutableArray<RowComparison> Rows, ImmutableArray<(string Measure, string Hit, int Rows, double Median, double Low, double High)> Overall)
{
    /// <summary>Fewer rows than this say nothing about how far rows scatter.</summary>
    public const int FewestRows = 6;

    private static readonly string[] Times = ["longest_gap", "first_success", "container_started", "engine_initialised", "pod_ready", "capacity_back", "steady"];

    /// <summary>Compares.</summary>
    public static RunComparison Of(RunResult older, RunResult newer)
    {
        ArgumentNullException.ThrowIfNull(older);
        ArgumentNullException.ThrowIfNull(newer);
        var before = older.Scenarios.ToDictionary(row => row.Name, StringComparer.Ordinal);
        var pairs = newer.Scenarios.Where(row => before.ContainsKey(row.Name)).Select(row => (Old: before[row.Name], New: row)).ToList();
        var sound = pairs.Where(pair => IsSound(pair.Old) && IsSound(pair.New)).ToList();
        var raw = sound.ToDictionary(pair => pair.New.Name, pair => Values(pair.Old, pair.New), StringComparer.Ordinal);
        var scatter = raw.Values.SelectMany(deltas => deltas).Where(delta => !delta.OlderIsBound && !delta.NewerIsBound)
            .GroupBy(delta => (delta.Measure, delta.Hit))
            .ToDictionary(group => group.Key, group => Scatter([.. group.Select(delta => delta.Difference)]));
        var rows = newer.Scenarios.Select(row => new RowComparison(
            row.Name, raw.TryGetValue(row.Name, out var deltas) ? [.. deltas.Select(delta => Widen(delta, scatter))] : [], Missing(row, before)));
        var gone = older.Scenarios.Where(row => newer.Scenarios.All(other => other.Name != row.Name)).Select(row => new RowComparison(row.Name, [], "only in the older run"));
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

    private static bool IsSound(ScenarioResult row) => row.State is RowState.Measured or RowState.Baseline or RowState.Unverified;

    private static string? Missing(ScenarioResult row, Dictionary<string, ScenarioResult> before) =>
        !before.TryGetValue(row.Name, out var old) ? "only in the newer run"
        : !IsSound(old) ? $"the older row is {old.State.ToString().ToLowerInvariant()}"
        : !IsSound(row) ? $"the newer row is {row.State.ToString().ToLowerInvariant()}"
        : null;

    private static List<Delta> Values(ScenarioResult older, ScenarioResult newer)
    {
        var deltas = new List<Delta>();
        foreach (var name in Times)
        {
            // Two bounds tell nothing of their difference.
            if (Span(older, name) is { } a && Span(newer, name) is { } b && !(a.Kind == MeasuredKind.Censored && b.Kind == MeasuredKind.Censored))
            {
                deltas.Add(new Delta(name, a.Seconds, b.Seconds, null, null) { OlderIsBound = a.Kind == MeasuredKind.Censored, NewerIsBound = b.Kind == MeasuredKind.Censored });
            }
        }

        var (lostA, sentA, lostB, sentB) = (Lost(older), older.Books.Sent, Lost(newer), newer.Books.Sent);
        if (sentA > 0 && sentB > 0)
        {
            var (low, high) = Wilson.Difference(lostA, sentA, lostB, sentB);
            deltas.Add(new Delta("lost_share", (double)lostA / sentA, (double)lostB / sentB, low, high));
        }

        var (x, y) = (Latencies(older), Latencies(newer));
        foreach (var (name, share) in new[] { ("latency_p50_before", 0.5), ("latency_p95_before", 0.95) })
        {
            if (x.Length >= 20 && y.Length >= 20)
            {
                var (_, low, high) = QuantileInterval.Difference(x, y, share);
                deltas.Add(new Delta(name, QuantileInterval.Of(x, share).Value, QuantileInterval.Of(y, share).Value, low, high));
            }
        }

        var hit = newer.Timeline.FirstOrDefault(item => item.Name == "fault.landed")?["service"] ?? "";
        return [.. deltas.Select(delta => delta with { Hit = hit })];
    }

    private static Measured? Span(ScenarioResult row, string name) =>
        row.Recovery.Where(pair => pair.Name == name && pair.Value.Kind is (MeasuredKind.Value or MeasuredKind.Censored)).Select(pair => (Measured?)pair.Value).FirstOrDefault();

    private static long Lost(ScenarioResult row) => row.Damage?.LostRequests ?? row.Books.Failed;

    private static double[] Latencies(ScenarioResult row)
    {
        var until = row.Timeline.FirstOrDefault(item => item.Name == "fault.issued")?.At ?? row.LandedAt ?? row.FaultAt ?? long.MaxValue;
        return [.. row.Attempts.SelectMany(client => client).Where(attempt => attempt is { IsLast: true, Outcome: Outcome.Ok } && attempt.Ended < until).Select(attempt => attempt.Seconds).Order()];
    }

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
        if (!scatter.TryGetValue((delta.Measure, delta.Hit), out var spread) || spread is not { } known)
        {
            return delta with { Low = null, High = null };
        }

        var half = Wilson.Z95 * known;
        if (delta.OlderIsBound || delta.NewerIsBound)
        {
            return delta with { Low = delta.NewerIsBound ? delta.Difference - half : double.NegativeInfinity, High = delta.NewerIsBound ? double.PositiveInfinity : delta.Difference + half };
        }

        return delta with { Low = Math.Min(delta.Low ?? double.PositiveInfinity, delta.Difference - half), High = Math.Max(delta.High ?? double.NegativeInfinity, delta.Difference + half) };
    }
}

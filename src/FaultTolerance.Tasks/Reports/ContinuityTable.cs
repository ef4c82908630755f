using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Results.Continuity;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Reports;

/// <summary>How whole the streams of rows came through, to stand under the tables of whole rows.</summary>
internal static class ContinuityTable
{
    /// <summary>What stands above the table.</summary>
    public const string Title = "Continuity: streams that ended after the fault's order, beside the same prompt's answer before it:";

    private static readonly string[] Headers =
    [
        "Row", "Streams\nCompared", "Whole", "95 %\nInterval", "Differing", "Broken\nOff", "Open At\nA Fault", "Went\nOn", "Migra-\ntions",
        "Tokens\nLost", "Tokens\nDoubled", "Tokens\nAdded", "Tokens\nChanged", "Longest\nPause", "Where",
    ];

    /// <summary>The table, of repeated rows the trial in the middle; null where no row compared its streams.</summary>
    public static TextTable? Of(IEnumerable<RowTrials> rows)
    {
        var lines = rows.Where(row => row.Typical.Continuity is not null)
            .Select(row => (row.Failure, Cells: Cells(row.Typical.Continuity!))).ToList();
        return lines.Count == 0 ? null : new TextTable([.. Headers], [.. lines]);
    }

    /// <summary>The share of whole streams and its interval; null where nothing follows from a difference.</summary>
    public static (string? Share, string? Interval) Shares(StreamContinuity found)
    {
        ArgumentNullException.ThrowIfNull(found);
        if (!found.IsRepeatable || found.Share is not { } share)
        {
            return (null, null);
        }

        var (low, high) = found.Interval;
        return ($"{Percent(share)} %", $"{Percent(low)} to {Percent(high)} %");
    }

    /// <summary>Where the longest pause was.</summary>
    public static string? Where(StreamContinuity found) => found?.Slowest is { } slowest
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"client {slowest.Attempt.Client}, request {slowest.Attempt.Request}, after event {slowest.PauseAfter}")
        : null;

    private static ImmutableArray<string?> Cells(StreamContinuity found)
    {
        var (share, interval) = Shares(found);
        return
        [
            Whole(found.Compared), share, interval, Whole(found.Count(StreamFate.Differs)), Whole(found.Count(StreamFate.BrokenOff)),
            Whole(found.Open), Whole(found.WentOn), found.Migrations?.ToString("0", CultureInfo.InvariantCulture),
            Whole(found.Tokens.Lost), Whole(found.Tokens.Doubled), Whole(found.Tokens.Added), Whole(found.Tokens.Changed),
            found.Slowest?.Attempt.InterTokenMax.ToString("F2", CultureInfo.InvariantCulture), Where(found),
        ];
    }

    private static string Whole(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.0#", CultureInfo.InvariantCulture);
}

using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Statistics;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Reports;

/// <summary>How the trials of each row scatter, to stand under the tables of medians.</summary>
internal static class TrialTable
{
    private static readonly ImmutableArray<IMeasure> Shown = [Outage.OfAll, new FirstSuccess(), new PodReady(), new SteadyAgain()];

    /// <summary>The table of the rows that were tried more than once; null where there is none.</summary>
    public static TextTable? Of(IEnumerable<RowTrials> rows)
    {
        var repeated = rows.Where(row => row.Repeated).ToList();
        return repeated.Count == 0 ? null : new TextTable(
            ["Failure", "Trials", .. Shown.Select(measure => measure.Header), "Lost\nShare"],
            [.. repeated.Select(row => (row.Failure, Cells(row)))]);
    }

    /// <summary>What stands above the table.</summary>
    public static string Title(IEnumerable<RowTrials> rows) =>
        rows.Any(row => row.Sound.Length >= MedianInterval.Fewest)
            ? "Over the trials (the tables above are medians): the median's interval of 95 %; of fewer than 6 trials, in brackets, the least and the greatest."
            : "Over the trials (the tables above are medians), in brackets the least and the greatest: fewer than 6 trials give no interval of 95 %.";

    private static ImmutableArray<string?> Cells(RowTrials row)
    {
        var (_, sent, low, high) = row.LostShare;
        var sound = row.All.Count(RowTrials.IsSound);
        return
        [
            sound == row.All.Length ? $"{sound}" : $"{sound} of {row.All.Length}",
            .. Shown.Select(measure => row.Spread(measure) is { } spread ? Range(spread) : null),
            sent == 0 ? null : $"{Percent(low)} to {Percent(high)} %",
        ];
    }

    private static string Range(Spread spread) => spread.Interval is { } interval
        ? $"{Number(interval.Low)} to {Number(interval.High)}"
        : $"({Number(spread.Least)} to {(spread.GreatestIsBound ? "> " : "")}{Number(spread.Greatest)})";

    private static string Number(double seconds) => seconds.ToString("F2", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture);
}

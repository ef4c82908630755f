using System.Globalization;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Soaks;

namespace FaultTolerance.Reports;

/// <summary>What the faults of a row come to together, in a line.</summary>
internal static class SoakText
{
    /// <summary>The line; null where the row has no more than one fault.</summary>
    public static string? Of(ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Faults.Length < 2 || row.Availability is not { } available)
        {
            return null;
        }

        var (low, high) = available.Interval;
        var repair = new RepairTime().Of(row) is { Kind: not MeasuredKind.Unknown } mttr
            ? mttr.Kind == MeasuredKind.NotNeeded ? "no fault harmed clients" : $"MTTR {mttr.ToCell()} s ({mttr.Event})" : "MTTR unknown";
        return $"{row.Row.Failure}: {row.Faults.Length} faults; "
            + $"{Percent(available.Share)} % of {available.Ended} requests answered from the first order on "
            + $"(95 % interval over requests, Wilson: {Percent(low)} to {Percent(high)} %); {repair}";
    }

    private static string Percent(double share) => (100 * share).ToString("0.0##", CultureInfo.InvariantCulture);
}

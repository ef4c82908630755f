using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Trials;
using FaultTolerance.Results.Verdicts;

namespace FaultTolerance.Reports;

/// <summary>Each fault of the rows that have more than one by itself, to stand under the tables of whole rows.</summary>
internal static class FaultTable
{
    /// <summary>What stands above the table.</summary>
    public const string Title = "Each fault by itself, in seconds from its own order, as far as the next one's tells:";

    private static readonly ImmutableArray<IMeasure> Shown =
        [new Landed(), new FirstError(), Outage.OfAll, new SteadyAgain(), new PodReady(), new CapacityBack()];

    /// <summary>The table, of repeated rows the trial in the middle; null where no row has more than one fault.</summary>
    public static TextTable? Of(IEnumerable<RowTrials> rows)
    {
        var faults = rows.Where(row => row.Typical.Faults.Length > 1)
            .SelectMany(row => row.Typical.Faults.Select(fault => (Label: $"{row.Failure} {fault.Id}, {fault.Kind ?? "no kind"}", fault)))
            .ToList();
        return faults.Count == 0 ? null : new TextTable(
            ["Fault", .. Shown.Select(measure => measure.Header), "Lost", "Verdict", "Open At\nIts End"],
            [.. faults.Select(pair => (pair.Label, Cells(pair.fault)))]);
    }

    /// <summary>A verdict in a word or two.</summary>
    public static string Word(FaultOutcomeKind outcome) => outcome switch
    {
        FaultOutcomeKind.NoHarm => "no harm",
        FaultOutcomeKind.Recovered => "recovered",
        FaultOutcomeKind.Open => "open",
        FaultOutcomeKind.Unproven => "unproven",
        _ => "unknown",
    };

    private static ImmutableArray<string?> Cells(FaultVerdict fault) =>
    [
        .. Shown.Select(measure => fault.Recovered(measure.Id)?.ToCell()),
        fault.Lost?.ToString(CultureInfo.InvariantCulture),
        Word(fault.Outcome),
        fault.Open.IsEmpty ? "nothing" : string.Join(", ", fault.Open),
    ];
}

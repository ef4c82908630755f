using System.Collections.Immutable;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Reports;

/// <summary>What clients saw of each fault, to stand under the legacy table. Lower bounds begin with <c>&gt;</c>.</summary>
internal static class ClientTable
{
    private static readonly string[] Shown =
    [
        Landed.Key,
        FirstError.Key,
        FirstSuccess.Key,
        Outage.Key,
        LastError.Key,
        DamageMeasures.Damages.Id,
        SteadyAgain.Key,
        PodReady.Key,
        CapacityBack.Key,
        DamageMeasures.LostRequests.Id,
        DamageMeasures.Depth.Id,
    ];

    /// <summary>The measures that it shows, in their order.</summary>
    public static ImmutableArray<IMeasure> Measures { get; } = [.. Shown.Select(MeasureCatalog.Default.Find).OfType<IMeasure>()];

    /// <summary>Counts of what says nothing of the service: columns of tables in which there is any.</summary>
    private static IMeasure[] Apart { get; } = [BooksMeasures.KeptResets, BooksMeasures.OwnTransport];

    /// <summary>What the columns mean, a line each.</summary>
    /// <param name="rows">The rows whose tables are explained.</param>
    public static IEnumerable<string> Legend(IEnumerable<ScenarioResult> rows) =>
        [.. Measures.Concat(Shows(rows)).Select(measure => $"{measure.Header.Replace('\n', ' ')}: {measure.Legend}")];

    /// <summary>The table of the rows that had a fault, of repeated rows the medians; null where there is none.</summary>
    public static TextTable? Of(IEnumerable<RowTrials> rows)
    {
        var faulty = rows.Where(row => row.All.Any(trial => !trial.Recovery.IsEmpty)).ToList();
        IMeasure[] shown = [.. Measures, .. Shows(faulty.SelectMany(row => row.All))];
        return faulty.Count == 0 ? null : new TextTable(
            ["Failure", .. shown.Select(measure => measure.Header), "Proof"],
            [.. faulty.Select(row => (row.Failure, Cells(shown, row)))]);
    }

    private static IEnumerable<IMeasure> Shows(IEnumerable<ScenarioResult> rows) =>
        Apart.Where(measure => rows.Any(row => !row.Recovery.IsEmpty && measure.Of(row)?.Seconds > 0));

    private static ImmutableArray<string?> Cells(IEnumerable<IMeasure> shown, RowTrials row) =>
    [
        .. shown.Select(measure => MeasureCell.Of(measure, row.Spread(measure)?.Median)),
        row.All.All(trial => trial.State == RowState.Unverified) ? null
            : row.All.Any(trial => trial.Proofs.IsEmpty || trial.State == RowState.Unproven) ? "no" : "yes",
    ];
}

using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Statistics;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Reports;

/// <summary>What clients saw of each fault, to stand under the legacy table. Lower bounds begin with <c>&gt;</c>.</summary>
public static class ClientTable
{
    private static readonly (string Header, string Measure)[] Spans =
    [
        ("First\nError", "first_error"), ("First\nSuccess", "first_success"), ("Outage", "longest_gap"), ("Worst\nClient", "longest_gap_worst_client"),
        ("Steady", "steady"), ("Pod\nReady", "pod_ready"), ("Capacity\nBack", "capacity_back"),
    ];

    /// <summary>The table of the rows that had a fault, of repeated rows the medians; null where there is none.</summary>
    public static TextTable? Of(IEnumerable<RowTrials> rows)
    {
        var faulty = rows.Where(row => row.All.Any(trial => !trial.Recovery.IsEmpty)).ToList();
        return faulty.Count == 0 ? null : new TextTable(
            ["Failure", .. Spans.Select(span => span.Header), "Lost\nRequests", "Depth", "Proof"],
            [.. faulty.Select(row => (row.Failure, Cells(row)))]);
    }

    private static ImmutableArray<string?> Cells(RowTrials row) =>
    [
        .. Spans.Select(span => (row.Recovery(span.Measure)?.Median ?? Measured.Unknown).ToCell()),
        Median(row, trial => trial.Damage?.LostRequests) is { } lost ? lost.ToString("0.#", CultureInfo.InvariantCulture) : null,
        Median(row, trial => trial.Damage?.Depth) is { } depth ? $"{(100 * depth).ToString("F0", CultureInfo.InvariantCulture)} %" : null,
        row.All.All(trial => trial.State == RowState.Unverified) ? null : row.All.Any(trial => trial.Proofs.IsEmpty || trial.State == RowState.Unproven) ? "no" : "yes",
    ];

    private static double? Median(RowTrials row, Func<ScenarioResult, double?> of)
    {
        double[] known = [.. row.Sound.Select(of).OfType<double>()];
        return known.Length == 0 ? null : Bootstrap.Median(known);
    }
}

using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Results;

namespace FaultTolerance.Reports;

/// <summary>What clients saw of each fault, to stand under the legacy table. Lower bounds begin with <c>&gt;</c>.</summary>
public static class ClientTable
{
    private static readonly (string Header, string Measure)[] Spans =
    [
        ("First\nError", "first_error"), ("First\nSuccess", "first_success"), ("Outage", "longest_gap"), ("Worst\nClient", "longest_gap_worst_client"),
        ("Steady", "steady"), ("Pod\nReady", "pod_ready"), ("Capacity\nBack", "capacity_back"),
    ];

    /// <summary>The table of the rows that had a fault; null where there is none.</summary>
    public static TextTable? Of(IEnumerable<ScenarioResult> rows)
    {
        var faulty = rows.Where(row => !row.Recovery.IsEmpty).ToList();
        return faulty.Count == 0 ? null : new TextTable(
            ["Failure", .. Spans.Select(span => span.Header), "Lost\nRequests", "Depth", "Proof"],
            [.. faulty.Select(row => (row.Row.Failure, Cells(row)))]);
    }

    private static ImmutableArray<string?> Cells(ScenarioResult row) =>
    [
        .. Spans.Select(span => row.Recovery.FirstOrDefault(pair => pair.Name == span.Measure).Value.ToCell()),
        row.Damage?.LostRequests.ToString(CultureInfo.InvariantCulture),
        row.Damage?.Depth is { } depth ? $"{(100 * depth).ToString("F0", CultureInfo.InvariantCulture)} %" : null,
        row.State == RowState.Unverified ? null : row.Proofs.IsEmpty || row.State == RowState.Unproven ? "no" : "yes",
    ];
}

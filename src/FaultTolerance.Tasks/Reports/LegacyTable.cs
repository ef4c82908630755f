using System.Collections.Immutable;
using FaultTolerance.Results.Legacy;

namespace FaultTolerance.Reports;

/// <summary>The reference suite's columns as a table.</summary>
public static class LegacyTable
{
    /// <summary>Makes the table of one group; rows keep their order.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="violations">Adds the two columns of attempts over the latency limit before <c>Recovery</c>.</param>
    public static TextTable Of(IEnumerable<LegacyRow> rows, bool violations)
    {
        ImmutableArray<string> headers =
        [
            "Failure", "Startup", "Success\nBefore", "Failed\nBefore", "Success\nAfter", "Failed\nAfter", "Latency\nBefore", "Latency\nAfter",
            .. violations ? ["Violations\nBefore", "Violations\nAfter"] : ImmutableArray<string>.Empty,
            "Recovery",
        ];
        return new TextTable(headers, [.. rows.Select(row => (row.Failure, Values(row, violations)))]);
    }

    private static ImmutableArray<string?> Values(LegacyRow row, bool violations)
    {
        ImmutableArray<double?> values =
        [
            row.Startup, row.SuccessBefore, row.FailedBefore, row.SuccessAfter, row.FailedAfter, row.LatencyBefore, row.LatencyAfter,
            .. violations ? [row.ViolationsBefore, row.ViolationsAfter] : ImmutableArray<double?>.Empty,
            row.Recovery,
        ];
        return [.. values.Select(TextTable.Format)];
    }
}

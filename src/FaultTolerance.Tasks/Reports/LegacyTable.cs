using System.Collections.Immutable;
using FaultTolerance.Results.Legacy;
using FaultTolerance.Results.Measures;

namespace FaultTolerance.Reports;

/// <summary>The reference suite's columns as a table.</summary>
internal static class LegacyTable
{
    /// <summary>Makes the table of one group; rows keep their order.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="violations">Adds the two columns of attempts over the latency limit before <c>Recovery</c>.</param>
    public static TextTable Of(IEnumerable<LegacyRow> rows, bool violations)
    {
        ImmutableArray<LegacyMeasure> columns = [.. MeasureCatalog.Default.Legacy.Where(column => violations || !column.NeedsLimit)];
        return new TextTable(
            ["Failure", .. columns.Select(column => column.Header)],
            [.. rows.Select(row => (row.Failure, columns.Select(column => TextTable.Format(column.Column(row))).ToImmutableArray()))]);
    }
}

using System.Globalization;
using FaultTolerance.Results.Legacy;

namespace FaultTolerance.Tests.Reports;

/// <summary>The four published tables, as text and as the rows that are read out of them.</summary>
internal static class PublishedTables
{
    public static readonly string[] Groups = ["agg-tp-1-dp-1", "agg-tp-1-dp-2", "disagg-tp-1-dp-1", "disagg-tp-1-dp-2"];

    public static string Text(string group) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reports", "golden", $"published-{group}.txt"));

    public static List<LegacyRow> Rows(string group) =>
        [
            .. Text(group)
                .Split('\n')
                .Where(line => line.StartsWith('│') && line.Contains('.', StringComparison.Ordinal))
                .Select(line => line.Trim('│').Split('│').Select(cell => cell.Trim()).ToArray())
                .Select(cells => new LegacyRow(
                    cells[0],
                    N(cells[1]),
                    N(cells[2]),
                    N(cells[3]),
                    N(cells[4]),
                    N(cells[5]),
                    N(cells[6]),
                    N(cells[7]),
                    N(cells[8])
                )),
        ];

    private static double? N(string cell) => cell == "N/A" ? null : double.Parse(cell, CultureInfo.InvariantCulture);
}

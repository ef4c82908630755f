using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Trials;
using FaultTolerance.Results.Vantages;

namespace FaultTolerance.Reports;

/// <summary>Both vantage points of rows whose load comes from both, and the difference: three lines a row.</summary>
internal static class VantageTable
{
    /// <summary>What stands above the table.</summary>
    public const string Title =
        "Both vantage points: the load's clients in the cluster, and one client from here (success in %, times in seconds):";

    private static readonly (string Header, string Part, string Name)[] Columns =
    [
        ("Success\nBefore", "before", "success"), ("Success\nAfter", "after", "success"),
        ("Latency\np50 Before", "before", "latency_p50"), ("Latency\np99 Before", "before", "latency_p99"),
        ("Latency\np50 After", "after", "latency_p50"), ("Latency\np99 After", "after", "latency_p99"),
        ("TTFT\np50 Before", "before", "ttft_p50"), ("TTFT\np99 Before", "before", "ttft_p99"),
        ("TTFT\np50 After", "after", "ttft_p50"), ("TTFT\np99 After", "after", "ttft_p99"),
        ("Outage", "whole", Outage.Key), ("Apart", "whole", "apart"),
    ];

    /// <summary>The table, of repeated rows the trial in the middle; null where no load comes from both.</summary>
    public static TextTable? Of(IEnumerable<RowTrials> rows)
    {
        var lines = rows.Where(row => row.Typical.Vantage is not null).SelectMany(row => Lines(row.Failure, row.Typical.Vantage!)).ToList();
        return lines.Count == 0 ? null : new TextTable(["Row", "Seen From", .. Columns.Select(column => column.Header)], [.. lines]);
    }

    private static IEnumerable<(string, ImmutableArray<string?>)> Lines(string row, Vantage vantage)
    {
        var figures = Columns.Select(column => vantage.Find(column.Part, column.Name)).ToList();
        (string, ImmutableArray<string?>) Line(string from, Func<VantageFigure, string?> cell) =>
            (row, [from, .. figures.Select(figure => figure is null ? null : cell(figure))]);
        yield return Line("cluster", figure => Cell(figure, figure.Cluster));
        yield return Line("here", figure => Cell(figure, figure.Here));
        yield return Line("difference", Difference);
    }

    private static string? Cell(VantageFigure figure, Measured value) => value.Kind switch
    {
        MeasuredKind.Value => Number(figure, value.Seconds),
        MeasuredKind.Censored => $"> {Number(figure, value.Seconds)}",
        _ => value.ToCell(),
    };

    private static string? Difference(VantageFigure figure) => figure.Difference is not { } difference ? null
        : Number(figure, difference) is var text && (text[0] == '-' || text.All(c => c is '0' or '.')) ? text
        : $"+{text}";

    private static string Number(VantageFigure figure, double value) => figure.Unit switch
    {
        MeasureUnit.Share => Plain(Math.Round(100 * value, 1), "0.0"),
        MeasureUnit.Seconds => Plain(Math.Round(value, 3), "0.000"),
        _ => Plain(value, "0"),
    };

    // What rounds to nothing has no sign.
    private static string Plain(double value, string form) => (value == 0 ? 0 : value).ToString(form, CultureInfo.InvariantCulture);
}

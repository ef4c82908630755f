using System.Collections.Immutable;
using System.Globalization;
using FaultMatrix.Shared;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports;

/// <summary>A column that a summary table can be asked for.</summary>
/// <param name="Name">Its name on the command line, <c>latency-after</c>.</param>
/// <param name="Header">Its header; a line break makes two lines.</param>
/// <param name="Cell">A row's text; null is missing.</param>
public sealed record SummaryColumn(string Name, string Header, Func<ScenarioResult, string?> Cell);

/// <summary>The columns by name, and tables of those that were asked for.</summary>
public static class SummaryColumns
{
    /// <summary>The label of every row: always the first column.</summary>
    public const string Label = "failure";

    /// <summary>All columns, the reference suite's first, in its order.</summary>
    public static ImmutableArray<SummaryColumn> All { get; } =
    [
        Number("startup", "Startup", row => row.Row.Startup),
        Number("success-before", "Success\nBefore", row => row.Row.SuccessBefore),
        Number("failed-before", "Failed\nBefore", row => row.Row.FailedBefore),
        Number("success-after", "Success\nAfter", row => row.Row.SuccessAfter),
        Number("failed-after", "Failed\nAfter", row => row.Row.FailedAfter),
        Number("latency-before", "Latency\nBefore", row => row.Row.LatencyBefore),
        Number("latency-after", "Latency\nAfter", row => row.Row.LatencyAfter),
        Number("violations-before", "Violations\nBefore", row => row.Row.ViolationsBefore),
        Number("violations-after", "Violations\nAfter", row => row.Row.ViolationsAfter),
        Number("recovery", "Recovery", row => row.Row.Recovery),
        .. RecoveryMeasures.Definitions.Select(definition => Span(definition.Name)),
        new("lost-requests", "Lost\nRequests", row => row.Damage?.LostRequests.ToString(CultureInfo.InvariantCulture)),
        new("depth", "Depth", row => row.Damage?.Depth is { } depth ? $"{(100 * depth).ToString("F0", CultureInfo.InvariantCulture)} %" : null),
        Count("planned", "Planned", row => row.Books.Planned),
        Count("sent", "Sent", row => row.Books.Sent),
        Count("not-sent", "Not\nSent", row => row.Books.NotSent),
        Count("succeeded", "Succeeded", row => row.Books.Succeeded),
        Count("failed", "Failed", row => row.Books.Failed),
        new("state", "State", row => row.State.ToString()),
    ];

    /// <summary>Columns by their names; case, blanks, dashes and underscores do not matter.</summary>
    /// <exception cref="FaultMatrixException">FT0112: a name that no column has, with the nearest.</exception>
    public static ImmutableArray<SummaryColumn> Find(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return [.. names.Where(name => Key(name) != Label).Select(name => All.FirstOrDefault(column => Key(column.Name) == Key(name)) ?? throw new FaultMatrixException(
            "FT0112",
            $"there is no column '{name}'{(NearestName.Of(name, All.Select(c => c.Name)) is { } near ? $"; did you mean '{near}'?" : ".")} Columns: {string.Join(", ", All.Select(c => c.Name))}"))];
    }

    /// <summary>The table of one group with these columns.</summary>
    public static TextTable Table(IEnumerable<ScenarioResult> rows, ImmutableArray<SummaryColumn> columns) =>
        new(["Failure", .. columns.Select(column => column.Header)],
            [.. rows.Select(row => (row.Trial == 1 ? row.Row.Failure : $"{row.Row.Failure} (trial {row.Trial})", columns.Select(column => column.Cell(row)).ToImmutableArray()))]);

    private static SummaryColumn Number(string name, string header, Func<ScenarioResult, double?> value) =>
        new(name, header, row => TextTable.Format(value(row)));

    private static SummaryColumn Count(string name, string header, Func<ScenarioResult, long?> value) =>
        new(name, header, row => value(row)?.ToString(CultureInfo.InvariantCulture));

    // first_error: first-error, "First\nError".
    private static SummaryColumn Span(string definition)
    {
        var words = definition.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]).ToArray();
        var half = (words.Length + 1) / 2;
        var header = words.Length == 1 ? words[0] : $"{string.Join(' ', words[..half])}\n{string.Join(' ', words[half..])}";
        return new(definition.Replace('_', '-'), header, row => row.Recovery.Where(pair => pair.Name == definition).Select(pair => pair.Value.ToCell()).FirstOrDefault());
    }

    private static string Key(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
}

using System.Collections.Immutable;
using FaultMatrix.Shared;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;

namespace FaultTolerance.Reports;

/// <summary>A column that a summary table can be asked for.</summary>
/// <param name="Name">Its name on the command line, <c>latency-after</c>.</param>
/// <param name="Header">Its header; a line break makes two lines.</param>
/// <param name="Cell">A row's text; null is missing.</param>
internal sealed record SummaryColumn(string Name, string Header, Func<ScenarioResult, string?> Cell);

/// <summary>The columns by name, and tables of those that were asked for.</summary>
internal static class SummaryColumns
{
    /// <summary>The label of every row: always the first column.</summary>
    public const string Label = "failure";

    /// <summary>All columns, the reference suite's first, in its order.</summary>
    public static ImmutableArray<SummaryColumn> All { get; } = Of(MeasureCatalog.Default);

    /// <summary>The columns where these are the measures.</summary>
    public static ImmutableArray<SummaryColumn> Of(MeasureCatalog measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        return
        [
            .. measures.All.Select(measure => new SummaryColumn(measure.Column(), measure.Header, row => MeasureCell.Of(measure, row))),
            new("state", "State", row => row.State.ToString()),
        ];
    }

    /// <summary>Columns by their names; case, blanks, dashes and underscores do not matter.</summary>
    /// <param name="names">The names.</param>
    /// <param name="measures">The measures; null for those that every run has.</param>
    /// <exception cref="FaultMatrixException">FT0112: a name that no column has, with the nearest.</exception>
    public static ImmutableArray<SummaryColumn> Find(IEnumerable<string> names, MeasureCatalog? measures = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        var all = measures is null ? All : Of(measures);
        return
        [
            .. names
                .Where(name => Key(name) != Label)
                .Select(name => all.FirstOrDefault(column => Key(column.Name) == Key(name)) ?? throw Unknown(name, all)),
        ];
    }

    /// <summary>The table of one group with these columns.</summary>
    public static TextTable Table(IEnumerable<ScenarioResult> rows, ImmutableArray<SummaryColumn> columns) =>
        new(["Failure", .. columns.Select(column => column.Header)],
            [.. rows.Select(row => (Name(row), columns.Select(column => column.Cell(row)).ToImmutableArray()))]);

    private static string Name(ScenarioResult row) => row.Trial == 1 ? row.Row.Failure : $"{row.Row.Failure} (trial {row.Trial})";

    private static FaultMatrixException Unknown(string name, ImmutableArray<SummaryColumn> all)
    {
        var near = NearestName.Of(name, all.Select(column => column.Name)) is { } found ? $"; did you mean '{found}'?" : ".";
        return new("FT0112", $"there is no column '{name}'{near} Columns: {string.Join(", ", all.Select(column => column.Name))}");
    }

    private static string Key(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
}

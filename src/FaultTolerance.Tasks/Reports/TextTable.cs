using System.Collections.Immutable;
using System.Globalization;

namespace FaultTolerance.Reports;

/// <summary>
/// A table whose first column is text and whose others are numbers, laid out as the reference suite's: <c>N/A</c> for what is missing,
/// numbers right and text centred. A column with nothing but missing values is no number column and is centred.
/// </summary>
/// <param name="Headers">Headers; a line break inside one makes a second header row.</param>
/// <param name="Rows">Per row the label and the formatted values; null is missing.</param>
internal sealed record TextTable(ImmutableArray<string> Headers, ImmutableArray<(string Label, ImmutableArray<string?> Values)> Rows)
{
    /// <summary>What stands for a missing value.</summary>
    public const string Missing = "N/A";

    /// <summary>A cell's text: two decimals, halves as C's printf rounds the binary value, <c>nan</c> for not a number.</summary>
    public static string? Format(double? value) => value switch
    {
        null => null,
        { } number when double.IsNaN(number) => "nan",
        { } number when double.IsInfinity(number) => number > 0 ? "inf" : "-inf",
        { } number => HalfToEven(number).ToString("F2", CultureInfo.InvariantCulture),
    };

    // C rounds exact halves to even where .NET rounds them away from zero; only odd eighths can be exact halves of a hundredth.
    private static double HalfToEven(double number) =>
        number * 8 % 2 is 1 or -1 ? Math.Round(number, 2, MidpointRounding.ToEven) : number;

    internal TableLayout Layout()
    {
        var columns = ImmutableArray.CreateBuilder<TableColumn>(Headers.Length);
        for (var c = 0; c < Headers.Length; c++)
        {
            var header = Headers[c].Split('\n');
            var cells = c == 0
                ? Rows.Select(row => row.Label).ToArray()
                : [.. Rows.Select(row => row.Values[c - 1] ?? Missing)];
            var number = c > 0 && Rows.Any(row => row.Values[c - 1] is not null);
            // The library that drew the published tables keeps two blanks more than the header, whatever the cells need.
            var width = Math.Max(header.Max(Length) + 2, cells.Select(Length).DefaultIfEmpty(0).Max());
            columns.Add(new TableColumn(header, cells, number, width));
        }

        return new TableLayout(columns.ToImmutable(), Rows.Length);
    }

    /// <summary>Code points, as Python counts a text's length.</summary>
    internal static int Length(string text) => text.EnumerateRunes().Count();
}

/// <summary>A column that is measured.</summary>
/// <param name="Header">The header's lines.</param>
/// <param name="Cells">One text for each row.</param>
/// <param name="IsNumber">Whether its cells are numbers, which stand to the right.</param>
/// <param name="Width">Characters of its widest line.</param>
internal sealed record TableColumn(string[] Header, string[] Cells, bool IsNumber, int Width)
{
    /// <summary>Right for numbers; centred otherwise, an odd blank to the right.</summary>
    public string Align(string text)
    {
        var room = Math.Max(0, Width - TextTable.Length(text));
        return IsNumber ? new string(' ', room) + text : new string(' ', room / 2) + text + new string(' ', room - (room / 2));
    }

    /// <summary>A line of the header, aligned; blank below the last.</summary>
    public string HeaderLine(int line) => Align(line < Header.Length ? Header[line] : "");
}

/// <summary>Columns that are measured, and the number of rows.</summary>
/// <param name="Columns">The columns, from the left.</param>
/// <param name="RowCount">Rows below the header.</param>
internal sealed record TableLayout(ImmutableArray<TableColumn> Columns, int RowCount)
{
    /// <summary>Lines of the highest header.</summary>
    public int HeaderLines => Columns.Max(column => column.Header.Length);
}

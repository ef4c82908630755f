using System.Text;

namespace FaultTolerance.Reports;

/// <summary>Draws a table as the published ones, in box characters (python-tabulate's <c>fancy_grid</c>), byte for byte.</summary>
internal static class FancyGrid
{
    /// <summary>The table's lines, each ended with a line feed.</summary>
    public static string Draw(TextTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var layout = table.Layout();
        var text = new StringBuilder();
        Rule(text, layout, '╒', '═', '╤', '╕');
        for (var line = 0; line < layout.HeaderLines; line++)
        {
            Row(text, layout.Columns.Select(column => column.HeaderLine(line)));
        }

        Rule(text, layout, '╞', '═', '╪', '╡');
        for (var row = 0; row < layout.RowCount; row++)
        {
            if (row > 0)
            {
                Rule(text, layout, '├', '─', '┼', '┤');
            }

            Row(text, layout.Columns.Select(column => column.Align(column.Cells[row])));
        }

        Rule(text, layout, '╘', '═', '╧', '╛');
        return text.ToString();
    }

    private static void Rule(StringBuilder text, TableLayout layout, char left, char line, char cross, char right) =>
        text.Append(left).AppendJoin(cross, layout.Columns.Select(column => new string(line, column.Width + 2))).Append(right).Append('\n');

    private static void Row(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("│ ").AppendJoin(" │ ", cells).Append(" │\n");
}

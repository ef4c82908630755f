using System.Text;

namespace FaultTolerance.Reports;

/// <summary>Draws a table with pipes (python-tabulate's <c>pipe</c>).</summary>
internal static class PipeTable
{
    /// <summary>The table's lines, each ended with a line feed.</summary>
    /// <param name="table">The table.</param>
    /// <param name="joinHeaders">
    /// Joins two-line headers into one row, which Markdown needs to show a table at all; false keeps the reference suite's two rows.
    /// </param>
    public static string Draw(TextTable table, bool joinHeaders)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (joinHeaders)
        {
            table = table with { Headers = [.. table.Headers.Select(header => header.Replace('\n', ' '))] };
        }

        var layout = table.Layout();
        var text = new StringBuilder();
        for (var line = 0; line < layout.HeaderLines; line++)
        {
            Row(text, layout.Columns.Select(column => column.HeaderLine(line)));
        }

        text.Append('|')
            .AppendJoin('|', layout.Columns.Select(column => layout.RowCount == 0 ? new string('-', column.Width + 2)
                : column.IsNumber ? new string('-', column.Width + 1) + ":" : $":{new string('-', column.Width)}:"))
            .Append("|\n");
        for (var row = 0; row < layout.RowCount; row++)
        {
            Row(text, layout.Columns.Select(column => column.Align(column.Cells[row])));
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}

using System.Collections.Immutable;
using System.Text;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>Upright lines at the marked instants, their names above the plots in as many rows as it takes that none overlap.</summary>
internal static class MarkLabels
{
    /// <summary>Height of a row of labels, in units of the drawing.</summary>
    public const double RowHeight = 17;

    // Measured widths of the page's font lie below this for every letter used; a little air is better than a touch.
    private const double LetterWidth = 6.7;

    /// <summary>Per mark its row, from 0 at the bottom; instants that fall on one pixel share a name.</summary>
    public static ImmutableArray<(string Key, string Text, double X, double Left, int Row)> Place(FigureData data)
    {
        var placed = ImmutableArray.CreateBuilder<(string, string, double, double, int)>();
        var ends = new List<double>();
        var merged = data.Marks.OrderBy(mark => mark.At)
            .GroupBy(mark => Math.Round(data.Axis.X(mark.At) / 2))
            .Select(group =>
                (
                    Key: group.Any(mark => mark.Key == "landed") ? "landed" : group.First().Key,
                    Text: string.Join(", ", group.Select(mark => mark.Text)),
                    X: data.Axis.X(group.First().At)
                )
            );
        foreach (var (key, text, x) in merged)
        {
            var width = (text.Length * LetterWidth) + 8;
            var left = Math.Min(x + 3, TimeAxis.Right - width);
            var row = ends.FindIndex(end => end <= left);
            if (row < 0)
            {
                row = ends.Count;
                ends.Add(0);
            }

            ends[row] = Math.Max(left + width, x + 6);
            placed.Add((key, text, x, left, row));
        }

        return placed.ToImmutable();
    }

    /// <summary>The labels.</summary>
    public static Markup Draw(
        ImmutableArray<(string Key, string Text, double X, double Left, int Row)> marks,
        double plotTop,
        double bottom
    )
    {
        // All lines, then all names: a line may cross a name's place, and the name is to be read.
        double Y(int row) => plotTop - 6 - (row * RowHeight);
        var text = new StringBuilder();
        foreach (var (key, _, x, _, row) in marks)
        {
            text.Append(Markup.Of($"""<path class="mark m-{key}" d="M{x} {Y(row) - 10}V{bottom}"/>""").Value);
        }

        foreach (var (_, name, _, left, row) in marks)
        {
            text.Append(Markup.Of($"""<text class="mark" x="{left}" y="{Y(row)}">{name}</text>""").Value);
        }

        return new Markup(text.ToString());
    }
}

using System.Text;
using FaultTolerance.Results.Verdicts;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>
/// The faults' windows: a shade from the order to the end, or to the edge of the picture where there is none, with its number at its top.
/// </summary>
internal static class WindowPanel
{
    private const double Step = 13;
    private const int Rows = 4;
    private const double LetterWidth = 6.7;

    /// <summary>Whether there is a window to draw.</summary>
    public static bool Has(FigureData data) => !data.Windows.IsEmpty;

    /// <summary>The shades, and their numbers in rows so that neighbours do not meet.</summary>
    public static Markup Draw(FigureData data, double top, double bottom)
    {
        var text = new StringBuilder();
        for (var i = 0; i < data.Windows.Length; i++)
        {
            var window = data.Windows[i];
            var (left, right) = (data.Axis.X(window.Ordered), data.Axis.X(End(data, window)));
            var name = $"{window.Id} {window.Kind}";
            var place = Math.Min(left + 2, TimeAxis.Right - (name.Length * LetterWidth));
            text.Append(Markup.Of($"""
                <rect class="window" x="{left}" y="{top}" width="{Math.Max(1, right - left)}" height="{bottom - top}"/>
                <text class="window" x="{place}" y="{top + 11 + (i % Rows * Step)}">{name}</text>

                """).Value);
        }

        return new Markup(text.ToString());
    }

    private static long End(FigureData data, FaultVerdict window) =>
        window.Ended ?? (window.Lasts ? data.Axis.To : window.Landed ?? window.Ordered);
}

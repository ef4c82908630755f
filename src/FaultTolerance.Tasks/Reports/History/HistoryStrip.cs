using System.Text;
using FaultTolerance.Reports.Comparison;
using FaultTolerance.Reports.Page;
using FaultTolerance.Results.History;

namespace FaultTolerance.Reports.History;

/// <summary>One measure of one row through the runs, as a line: from 0, so that a change looks as large as it is.</summary>
internal static class HistoryStrip
{
    private const double Left = 130;
    private const double Right = 690;
    private const double Top = 16;
    private const double Bottom = 76;

    /// <summary>Draws it.</summary>
    public static Markup Draw(RunHistory history, HistoryLine line)
    {
        var most = line.Points.Max(point => Math.Max(point.Value, point.Interval?.High ?? 0));
        most = most > 0 ? most : 1;
        var last = Math.Max(1, history.Runs.Length - 1);
        double X(int run) => history.Runs.Length == 1 ? (Left + Right) / 2 : Left + ((Right - Left) * run / last);
        double Y(double value) => Bottom - ((Bottom - Top) * Math.Clamp(value, 0, most) / most);
        var text = new StringBuilder(Markup.Of($"""
            <text class="lane" x="{Left - 12}" y="{Bottom}">0</text><text class="lane" x="{Left - 12}" y="{Top + 4}">{ComparisonText.Value(line.Measure, most)}</text><path class="axis" d="M{Left - 6} {Bottom}H{Right + 6}"/>
            """).Value);
        text.Append("<path class=\"axis\" d=\"");
        foreach (var (point, i) in line.Points.Select((point, i) => (point, i)))
        {
            text.Append(Markup.Of($"{(i == 0 ? "M" : "L")}{X(point.Run)} {Y(point.Value)}").Value);
        }

        text.Append("\"/>");
        foreach (var point in line.Points)
        {
            var (x, y) = (X(point.Run), Y(point.Value));
            text.Append(point.Interval is { } interval
                ? Markup.Of($"""<rect class="interval" x="{x - 3}" y="{Y(interval.High)}" width="6" height="{Math.Max(1, Y(interval.Low) - Y(interval.High))}"/>""").Value : "");
            text.Append(Markup.Of($"""<circle class="trial{(point.IsBound ? " bound" : "")}" cx="{x}" cy="{y}" r="4"><title>{history.Runs[point.Run].Id}: {HistoryPage.Value(line, point)}</title></circle>""").Value);
            text.Append(point.Sign == 0 ? ""
                : Markup.Of($"""<text class="time" x="{x}" y="{Math.Max(11, y - 7)}">{(point.Sign > 0 ? "▲" : "▼")}</text>""").Value);
        }

        return Markup.Of($"""
            <div class="scroll" tabindex="0"><svg class="strip" viewBox="0 0 720 {Bottom + 10}" role="img" aria-label="{ComparisonText.Title(line.Measure)} of {line.Row} through the runs; the numbers stand in the table below."><text class="panel" x="0" y="{((Top + Bottom) / 2) + 4}"><tspan>{Short(ComparisonText.Title(line.Measure))}</tspan></text>{new Markup(text.ToString())}</svg></div>

            """);
    }

    // The longest titles would run into the axis.
    private static string Short(string title) => title.Replace("Latency before the fault, ", "Latency, ", StringComparison.Ordinal);
}

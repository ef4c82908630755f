using System.Text;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>The picture of one scenario: panels over one time axis.</summary>
internal static class ScenarioFigure
{
    private const double Width = 1000;
    private const double Gap = 26;

    /// <summary>Signs and markers that all pictures of the page use.</summary>
    public static Markup Definitions { get; } = new("""
        <svg class="defs" aria-hidden="true" focusable="false"><defs>
        <marker id="k-ok" class="o-ok" viewBox="-3 -3 6 6" markerWidth="4.4" markerHeight="4.4" markerUnits="userSpaceOnUse"><circle r="2.6"/></marker>
        <marker id="k-busy" class="o-busy" viewBox="-5 -5 10 10" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse"><path d="M0-4.5L4.5 4h-9z"/></marker>
        <marker id="k-error" class="o-error" viewBox="-5 -5 10 10" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse"><path d="M-4-4h8v8h-8z"/></marker>
        <marker id="k-conn" class="o-conn" viewBox="-5 -5 10 10" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse"><path d="M0-4.8L4.8 0 0 4.8-4.8 0z"/></marker>
        <marker id="k-broken" class="o-broken" viewBox="-5 -5 10 10" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse"><path d="M0 4.5L4.5-4h-9z"/></marker>
        <marker id="k-late" class="o-late" viewBox="-5 -5 10 10" markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse"><path d="M-4.5-1.5h3v-3h3v3h3v3h-3v3h-3v-3h-3z"/></marker>
        <marker id="k-ours" class="o-ours" viewBox="-5 -5 10 10" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse"><path d="M-4.5-1h9v2h-9z"/></marker>
        <g id="g-fault"><path d="M1.5-9L-5 1h4L-1.5 9 5-1.5h-4z"/></g>
        <g id="g-ended"><path d="M-5-3.5L-3.5-5 0-1.5 3.5-5 5-3.5 1.5 0 5 3.5 3.5 5 0 1.5-3.5 5-5 3.5-1.5 0z"/></g>
        <g id="g-restarted"><path d="M-3.5-5.5L6 0-3.5 5.5z"/></g>
        <pattern id="h-starting" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="h-ground" width="7" height="7"/><rect class="h-line" width="3" height="7"/></pattern>
        <pattern id="h-terminating" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="h-ground" width="6" height="6"/><circle class="h-line" cx="3" cy="3" r="1.3"/></pattern>
        </defs></svg>

        """);

    /// <summary>The drawing; nothing where there is nothing to draw.</summary>
    public static Markup Draw(FigureData data, string anchor, string description)
    {
        var marks = MarkLabels.Place(data);
        var rows = marks.IsEmpty ? 0 : marks.Max(mark => mark.Row) + 1;
        var rate = (rows * MarkLabels.RowHeight) + 14;
        var latency = rate + RatePanel.Height + Gap;
        var metrics = latency + LatencyPanel.Height + Gap;
        var lanes = data.Metrics.IsEmpty ? metrics - 6 : metrics + MetricPanel.Height(data) + Gap - 10;
        var bottom = lanes + LanePanel.Height(data) + 4;
        var text = new StringBuilder(Markup.Of($"""
            <svg class="figure" viewBox="0 0 {Width} {bottom + 36}" role="img" aria-labelledby="{anchor}-t {anchor}-d"><title id="{anchor}-t">{data.Row.Name}: requests, latency and pods over time</title><desc id="{anchor}-d">{description}</desc>

            """).Value);
        foreach (var spell in data.Spells)
        {
            text.Append(Shade("failing", (spell.From, spell.To), data.Axis, rate, lanes - 10));
        }

        text.Append(WindowPanel.Draw(data, rate, lanes - 10));
        text.Append(Shade("outage", data.Outage, data.Axis, rate, lanes - 10))
            .Append(RatePanel.Draw(data, rate)).Append('\n')
            .Append(LatencyPanel.Draw(data, latency)).Append('\n')
            .Append(MetricPanel.Draw(data, metrics)).Append('\n')
            .Append(LanePanel.Draw(data, lanes)).Append('\n')
            .Append(MarkLabels.Draw(marks, rate, bottom))
            .Append(Titles(data, rate, latency, metrics)).Append(Scale(data.Axis, bottom, marks.IsEmpty));
        return new Markup(text.Append("</svg>\n").ToString());
    }

    private static Markup Shade(string kind, (long From, long To)? span, TimeAxis axis, double top, double bottom) => span is not { } shown
        ? Markup.Empty
        : Markup.Of($"""<rect class="{kind}" x="{axis.X(shown.From)}" y="{top}" width="{Math.Max(1, axis.X(shown.To) - axis.X(shown.From))}" height="{bottom - top}"/>""");

    private static Markup Titles(FigureData data, double rate, double latency, double metrics) => Markup.Of($"""
        <text class="panel" x="8" y="{rate + 12}">Requests / s</text><text class="sub" x="8" y="{rate + 29}">ended, by outcome</text>
        <text class="panel" x="8" y="{latency + 12}">Latency</text><text class="sub" x="8" y="{latency + 29}">a dot a request</text>{(data.Metrics.IsEmpty ? Markup.Empty : Markup.Of($"""<text class="panel" x="8" y="{metrics + 12}">Metrics</text><text class="sub" x="8" y="{metrics + 29}">said by the pods</text>"""))}

        """);

    private static Markup Scale(TimeAxis axis, double bottom, bool baseline)
    {
        var ticks = Markup.Join(axis.Ticks().Select(tick => Markup.Of($"""<path class="axis" d="M{tick.X} {bottom}v5"/><text class="time" x="{tick.X}" y="{bottom + 18}">{tick.Label}</text>""")));
        return Markup.Of($"""
            <path class="axis" d="M{TimeAxis.Left} {bottom}H{TimeAxis.Right}"/>{ticks}<text class="sub" x="8" y="{bottom + 18}">{(baseline ? "from the first request" : "from the order")}</text>

            """);
    }
}

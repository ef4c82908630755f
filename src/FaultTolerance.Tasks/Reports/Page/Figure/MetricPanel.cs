using System.Text;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>The pods' own figures through the load, as steps: a gap is where no pod that has the metric answered.</summary>
internal static class MetricPanel
{
    private const double Full = 64;

    /// <summary>Its height; 0 where there is nothing to show.</summary>
    public static double Height(FigureData data) => data.Metrics.IsEmpty ? 0 : Full;

    /// <summary>The panel.</summary>
    public static Markup Draw(FigureData data, double top)
    {
        if (data.Metrics.IsEmpty)
        {
            return Markup.Empty;
        }

        var most = Math.Max(1, data.Metrics.SelectMany(line => line.Steps).Max(step => step.Value ?? 0));
        var step = Math.Max(1, TimeAxis.NiceStep(most / 2));
        var scale = Math.Ceiling(most / step) * step;
        double Y(double value) => top + Full - (value / scale * Full);
        var text = new StringBuilder();
        for (var value = 0.0; value <= scale * 1.001; value += step)
        {
            text.Append(
                Markup
                    .Of(
                        $"""<path class="grid" d="M{TimeAxis.Left} {Y(value)}H{TimeAxis.Right}"/><text class="tick" x="{TimeAxis.Left - 6}" y="{Y(value) + 4}">{Words.Number(value)}</text>"""
                    )
                    .Value
            );
        }

        foreach (var line in data.Metrics)
        {
            text.Append(Markup.Of($"""<path class="metric m-{line.Metric.Key}" d="{Path(data, line, Y)}"/>""").Value);
        }

        return new Markup(text.ToString());
    }

    private static string Path(FigureData data, MetricLine line, Func<double, double> y)
    {
        var path = new StringBuilder();
        var open = false;
        foreach (var (at, value) in line.Steps.Where(step => step.At <= data.Axis.To))
        {
            var x = MarkupHandler.Coordinate(data.Axis.X(at));
            path.Append(open ? $"H{x}" : "");
            path.Append(
                value is not { } known ? ""
                : open ? $"V{MarkupHandler.Coordinate(y(known))}"
                : $"M{x} {MarkupHandler.Coordinate(y(known))}"
            );
            open = value is not null;
        }

        return path.Append(open ? $"H{MarkupHandler.Coordinate(TimeAxis.Right)}" : "").ToString();
    }
}

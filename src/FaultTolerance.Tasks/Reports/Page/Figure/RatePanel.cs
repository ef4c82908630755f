using System.Text;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>Requests per second: what ended, stacked by class of outcome, and what was offered, as a line.</summary>
internal static class RatePanel
{
    /// <summary>Height of the panel, in units of the drawing.</summary>
    public const double Height = 128;

    /// <summary>The panel.</summary>
    public static Markup Draw(FigureData data, double top)
    {
        var rate = data.Rate;
        var most = Math.Max(rate.Ended.Max(stretch => stretch.Sum()), rate.Offered.Max());
        var step = TimeAxis.NiceStep(rate.PerSecond(Math.Max(1, most)) / 3);
        var scale = Math.Ceiling(rate.PerSecond(Math.Max(1, most)) / step) * step;
        double Y(double perSecond) => top + Height - (perSecond / scale * Height);
        var text = new StringBuilder(Scale(step, scale, Y));
        for (var kind = 0; kind < OutcomeClass.All.Length; kind++)
        {
            var path = Stack(data, kind, Y);
            if (path.Length > 0)
            {
                text.Append(Markup.Of($"""<path class="o-{OutcomeClass.All[kind].Key}" d="{path}"/>""").Value);
            }
        }

        return new Markup(text.Append(Markup.Of($"""<path class="offered" d="{Offered(data, Y)}"/>""").Value).ToString());
    }

    private static string Scale(double step, double scale, Func<double, double> y)
    {
        var text = new StringBuilder();
        for (var value = 0.0; value <= scale * 1.001; value += step)
        {
            text.Append(
                Markup
                    .Of(
                        $"""<path class="grid" d="M{TimeAxis.Left} {y(value)}H{TimeAxis.Right}"/><text class="tick" x="{TimeAxis.Left - 6}" y="{y(value) + 4}">{Words.Number(value)}</text>"""
                    )
                    .Value
            );
        }

        return text.ToString();
    }

    private static string Stack(FigureData data, int kind, Func<double, double> y)
    {
        var (rate, axis, path) = (data.Rate, data.Axis, new StringBuilder());
        for (var i = 0; i < rate.Ended.Length; i++)
        {
            var count = rate.Ended[i][kind];
            if (count == 0)
            {
                continue;
            }

            var below = rate.Ended[i].AsSpan(0, kind).ToArray().Sum();
            var (left, right) = (axis.X(rate.From + (i * rate.Width)), axis.X(rate.From + ((i + 1) * rate.Width)));
            var (low, high) = (y(rate.PerSecond(below)), y(rate.PerSecond(below + count)));
            path.Append(Markup.Of($"M{left} {low}V{high}H{right}V{low}z").Value);
        }

        return path.ToString();
    }

    private static string Offered(FigureData data, Func<double, double> y)
    {
        var (rate, axis, path, last) = (data.Rate, data.Axis, new StringBuilder(), "");
        for (var i = 0; i < rate.Offered.Length; i++)
        {
            var height = MarkupHandler.Coordinate(y(rate.PerSecond(rate.Offered[i])));
            if (height != last)
            {
                var x = MarkupHandler.Coordinate(axis.X(rate.From + (i * rate.Width)));
                path.Append(i == 0 ? $"M{x} {height}" : $"H{x}V{height}");
                last = height;
            }
        }

        return path.Append('H').Append(MarkupHandler.Coordinate(axis.X(rate.From + (rate.Offered.Length * rate.Width)))).ToString();
    }
}

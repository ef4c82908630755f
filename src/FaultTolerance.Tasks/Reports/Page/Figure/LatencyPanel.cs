using System.Text;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>
/// Each request's latency as a dot, on a logarithmic scale, at its end. One path a class; the dots are markers at its vertices.
/// </summary>
internal static class LatencyPanel
{
    /// <summary>Height of the panel, in units of the drawing.</summary>
    public const double Height = 132;

    /// <summary>The panel.</summary>
    public static Markup Draw(FigureData data, double top)
    {
        var seconds = data.Dots.SelectMany(dots => dots).Select(dot => Math.Max(1e-4, dot.Seconds)).ToList();
        var low = Math.Floor(Math.Log10(seconds.Min()));
        var high = Math.Max(low + 1, Math.Ceiling(Math.Log10(seconds.Max()) - 1e-9));
        double Y(double value) => top + Height - ((Math.Log10(Math.Max(1e-4, value)) - low) / (high - low) * Height);
        var text = new StringBuilder();
        for (var decade = low; decade <= high; decade++)
        {
            var y = Y(Math.Pow(10, decade));
            text.Append(
                Markup
                    .Of(
                        $"""<path class="grid" d="M{TimeAxis.Left} {y}H{TimeAxis.Right}"/><text class="tick" x="{TimeAxis.Left - 6}" y="{y + 4}">{Decade(decade)}</text>"""
                    )
                    .Value
            );
        }

        for (var kind = 0; kind < OutcomeClass.All.Length; kind++)
        {
            if (data.Dots[kind].Count > 0)
            {
                text.Append(Markup.Of($"""<path class="dots d-{OutcomeClass.All[kind].Key}" d="{Path(data, kind, Y)}"/>""").Value);
            }
        }

        return new Markup(text.ToString());
    }

    private static string Path(FigureData data, int kind, Func<double, double> y) =>
        "M" + string.Join(' ', data.Dots[kind]
            .Select(dot => $"{MarkupHandler.Coordinate(data.Axis.X(dot.At))} {Math.Round(y(dot.Seconds)):0}")
            .Distinct(StringComparer.Ordinal));

    private static string Decade(double power) =>
        power < 0 ? $"{Words.Number(Math.Pow(10, power + 3))} ms" : $"{Words.Number(Math.Pow(10, power))} s";
}

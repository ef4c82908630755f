using FaultTolerance.Reports.Page.Figure;
using FaultTolerance.Results.Rates;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>
/// The curves of a search over the rate: goodput with its intervals, and the percentiles of the times on a logarithmic scale.
/// </summary>
internal static class RateFigure
{
    private const double Left = 60;
    private const double Right = 700;
    private const double Height = 120;
    private const double Gap = 44;

    private static readonly (string Name, string Line, string Class, Func<RateStep, double?> P50, Func<RateStep, double?> P99)[] Times =
    [
        ("latency", "a whole line", "m-inflight", step => step.Told.LatencyP50, step => step.Told.LatencyP99),
        ("TTFT", "dashes", "m-running", step => step.Told.TtftP50, step => step.Told.TtftP99),
        ("ITL", "dots", "m-waiting", step => step.Told.ItlP50, step => step.Told.ItlP99),
    ];

    /// <summary>Both panels.</summary>
    public static Markup Draw(RateCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        var steps = curve.Steps.Where(step => step.Goodput is not null).OrderBy(step => step.Rate).ToList();
        if (steps.Count == 0)
        {
            return Markup.Empty;
        }

        var tick = TimeAxis.NiceStep(steps[^1].Rate / 8);
        var most = Math.Ceiling(steps[^1].Rate / tick) * tick;
        double X(double rate) => Left + (rate / most * (Right - Left));
        var named = Times.Where(time => steps.Any(step => time.P99(step) is > 0)).ToList();
        var bottom = named.Count == 0 ? 24 + Height : 24 + Height + Gap + Height;
        var axis = Enumerable.Range(0, (int)Math.Round(most / tick) + 1).Select(k => Markup.Of(
            $"""<text class="time" x="{X(k * tick)}" y="{bottom + 18}">{Words.Number(k * tick)}/s</text>"""));
        var marks = new[] { curve.Held?.Rate, curve.Broke?.Rate }.OfType<double>().Select(rate => Markup.Of(
            $"""<path class="mark" d="M{X(rate)} 24V{bottom}"/>"""));
        return Markup.Of($"""
            <figure><div class="scroll" role="region" aria-label="Curves of the search" tabindex="0"><svg class="strip" viewBox="0 0 720 {bottom + 26}" role="img" aria-label="Goodput by rate, and percentiles of the times by rate. The numbers stand in the table below.">{Markup.Join(axis)}{Markup.Join(marks)}{Goodput(curve, steps, X)}{Percentiles(named, steps, X, 24 + Height + Gap)}</svg></div>
            <figcaption class="soft">Goodput by rate: a dot a step with its interval of 95 %, the line is what was asked for; broken lines stand at the last rate that held and at the first that did not. Beneath, p50 and above it p99 of {string.Join(", ", named.Select(time => $"{time.Name} ({time.Line})"))}.</figcaption></figure>

            """);
    }

    private static Markup Goodput(RateCurve curve, List<RateStep> steps, Func<double, double> x)
    {
        static double Y(double share) => 24 + (Height * (1 - share));
        var scale = new[] { 0, 0.5, 1 }.Select(share => Markup.Of(
            $"""<path class="grid" d="M{Left} {Y(share)}H{Right}"/><text class="tick" x="{Left - 6}" y="{Y(share) + 4}">{Words.Share(share)}</text>"""));
        var dots = steps.Select(step => Markup.Of(
            $"""<path class="axis" d="M{x(step.Rate)} {Y(step.Interval.Low)}V{Y(step.Interval.High)}"/><circle class="trial{new Markup(step.Fate == RateFate.Held ? "" : " bound")}" cx="{x(step.Rate)}" cy="{Y(step.Goodput!.Value)}" r="4"><title>{RateWords.Of(step)}</title></circle>"""));
        return Markup.Of(
            $"""<text class="panel" x="{Left}" y="14">Goodput by rate</text>{Markup.Join(scale)}<path class="offered" d="M{Left} {Y(curve.Asked.Share ?? 1)}H{Right}"/>{Markup.Join(dots)}""");
    }

    private static Markup Percentiles(
        List<(string Name, string Line, string Class, Func<RateStep, double?> P50, Func<RateStep, double?> P99)> times,
        List<RateStep> steps, Func<double, double> x, double top)
    {
        var values = times.SelectMany(time => steps.SelectMany(step => new[] { time.P50(step), time.P99(step) }))
            .OfType<double>().Where(value => value > 0).ToList();
        if (values.Count == 0)
        {
            return Markup.Empty;
        }

        var low = Math.Floor(Math.Log10(Math.Max(1e-6, values.Min())));
        var high = Math.Max(low + 1, Math.Ceiling(Math.Log10(values.Max()) - 1e-9));
        double Y(double value) => top + Height - ((Math.Clamp(Math.Log10(Math.Max(1e-6, value)), low, high) - low) / (high - low) * Height);
        var scale = Enumerable.Range(0, (int)(high - low) + 1).Select(i => Math.Pow(10, low + i)).Select(value => Markup.Of(
            $"""<path class="grid" d="M{Left} {Y(value)}H{Right}"/><text class="tick" x="{Left - 6}" y="{Y(value) + 4}">{Words.Span(value)}</text>"""));
        var lines = times.SelectMany(time => new[] { time.P50, time.P99 }.Select(of => Curve(time.Class, of)));
        return Markup.Of($"""<text class="panel" x="{Left}" y="{top - 10}">Percentiles by rate</text>{Markup.Join(scale)}{Markup.Join(lines)}""");

        Markup Curve(string name, Func<RateStep, double?> of)
        {
            var points = steps.Where(step => of(step) is > 0).Select((step, i) => Markup.Of(
                $"{new Markup(i == 0 ? "M" : "L")}{x(step.Rate)} {Y(of(step)!.Value)}"));
            return Markup.Of($"""<path class="metric {new Markup(name)}" d="{Markup.Join(points)}"/>""");
        }
    }
}

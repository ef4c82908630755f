using FaultTolerance.Results;
using FaultTolerance.Results.Rates;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>A search for the highest rate: what came of it, the curves over the rate, and a table of the steps.</summary>
internal static class RatesSection
{
    /// <summary>All of it; nothing for rows without a search.</summary>
    public static Markup Draw(ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Rates is not { Steps.IsEmpty: false } curve)
        {
            return Markup.Empty;
        }

        return Markup.Join([
            Markup.Of($"<h4>The highest rate</h4>\n"),
            RateFigure.Draw(curve),
            Tables.Draw(
                "Steps of the search",
                ["Step", "#Rate", "Came to", "#Judged", "#Good", "#95 % interval", "#Latency p50", "#p99", "#TTFT p50", "#p99", "#ITL p50", "#p99"],
                curve.Steps.Select(Line)),
        ]);
    }

    private static Markup[] Line(RateStep step)
    {
        var told = step.Told;
        return
        [
            Text($"{told.Step}"), Text(RateWords.Rate(step.Rate)),
            Text(step.Fate switch { RateFate.Held => "held", RateFate.Broke => "did not hold", _ => $"not sound: {told.Reason}" }),
            Text(Words.Count(step.Requests)), Text(step.Goodput is { } share ? Words.Share(share) : "–"),
            Text($"{Words.Share(step.Interval.Low)} to {Words.Share(step.Interval.High)}"),
            Span(told.LatencyP50), Span(told.LatencyP99), Span(told.TtftP50), Span(told.TtftP99), Span(told.ItlP50), Span(told.ItlP99),
        ];
    }

    private static Markup Span(double? seconds) => Text(seconds is { } known ? Words.Span(known) : "–");
}

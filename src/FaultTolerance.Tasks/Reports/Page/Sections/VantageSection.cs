using System.Globalization;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Vantages;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>Both vantage points of a load, figure by figure, with the difference.</summary>
internal static class VantageSection
{
    /// <summary>The table; nothing where the load comes from one place.</summary>
    public static Markup Draw(ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Vantage is not { } vantage ? Markup.Empty : Tables.Draw(
            "Both vantage points: the load’s clients in the cluster, and one client from here",
            ["Figure", "#Cluster", "#Here", "#Difference"],
            vantage.Figures.Select(figure => new[]
            {
                Text(Title(figure)), Text(Value(figure, figure.Cluster)), Text(Value(figure, figure.Here)),
                Text(figure.Difference is { } difference ? Signed(figure, difference) : "–"),
            }));
    }

    private static string Title(VantageFigure figure) => figure.Name switch
    {
        "requests" => $"Requests, {figure.Part}",
        "success" => $"Success, {figure.Part}",
        "latency_p50" => $"Latency p50, {figure.Part}",
        "latency_p99" => $"Latency p99, {figure.Part}",
        "ttft_p50" => $"TTFT p50, {figure.Part}",
        "ttft_p99" => $"TTFT p99, {figure.Part}",
        "apart" => "Requests that say nothing of the service",
        "not_sent" => "Requests not sent",
        _ => "Outage",
    };

    private static string Value(VantageFigure figure, Measured value) => (figure.Unit, value.Kind) switch
    {
        (_, MeasuredKind.Unknown) => "–",
        (MeasureUnit.Seconds, _) => Words.Span(value),
        _ => Plain(figure, value.Seconds),
    };

    private static string Signed(VantageFigure figure, double difference) => (difference > 0 ? "+" : "") + figure.Unit switch
    {
        MeasureUnit.Seconds => Words.Span(difference),
        MeasureUnit.Share => string.Create(CultureInfo.InvariantCulture, $"{100 * difference:0.0} points"),
        _ => Plain(figure, difference),
    };

    private static string Plain(VantageFigure figure, double value) =>
        figure.Unit == MeasureUnit.Share ? Words.Share(value) : Words.Count((long)value);
}

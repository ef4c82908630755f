using System.Globalization;
using FaultTolerance.Results;
using FaultTolerance.Results.External;
using FaultTolerance.Results.Numbers;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>What a load measured: rates and the distributions of its times, whole and by parts, and what others broke.</summary>
internal static class NumbersSection
{
    private const double Width = 260;
    private const double Height = 70;
    private const int Steps = 34;

    private static readonly (string Name, Func<PhaseNumbers, Distribution?> Of)[] Times =
        [("Latency", part => part.Latency), ("TTFT", part => part.Ttft), ("ITL", part => part.Itl), ("TPOT", part => part.Tpot)];

    /// <summary>The rates, a table for each time, and the curve of each over the whole load; nothing where no log tells.</summary>
    public static Markup Draw(ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Numbers is not { } numbers)
        {
            return Markup.Empty;
        }

        var parts = numbers.Parts.Where(part => part.Part is not null).Select(part => (part.Name, Part: part.Part!)).ToList();
        var times = Times.SelectMany(time => parts.Select(part => (time.Name, Part: part.Name, Of: time.Of(part.Part))))
            .Where(time => time.Of is not null).ToList();
        return Markup.Join([
            Rates(parts),
            Tables.Draw(
                "Times of requests that succeeded",
                ["Time", "#Values", "#Mean", "#p50", "#p90", "#p95", "#p99", "#Greatest"],
                times.Select(time => new[]
                {
                    Text($"{time.Name}, {time.Part}"), Text(Words.Count(time.Of!.Count)), Text(Words.Span(time.Of.Mean)), Text(Words.Span(time.Of.P50)),
                    Text(Words.Span(time.Of.P90)), Text(Words.Span(time.Of.P95)), Text(Words.Span(time.Of.P99)),
                    Text(Words.Span(time.Of.Max)),
                })),
            .. times.Where(time => time.Part == parts[0].Name).Select(time => Curve(time.Name, time.Of!)),
        ]);
    }

    /// <summary>What others broke, each with its outage; nothing in rows of another kind.</summary>
    public static Markup External(ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.External is not { IsEmpty: false } windows ? Markup.Empty : Tables.Draw(
            "Failures from outside",
            ["Moment", "#At", "#Outage", "#Requests lost", "#Late", "#Steady again"],
            windows.Select(window => new[]
            {
                Text(window.Source switch { MomentSource.Mark => $"marked: {window.Text}", MomentSource.File => "named by the file", _ => "found" }),
                Text(CsvFile.Instant(window.Zero)),
                Text(Words.Span(window.Outage)),
                Text(Words.Count(window.Lost)),
                Text(Words.Count(window.Spell?.Late ?? 0)),
                Text(Words.Span(window.Recovery)),
            }));
    }

    private static Markup Rates(List<(string Name, PhaseNumbers Part)> parts) => Tables.Draw(
        "Rates",
        ["Part", "#Seconds", "#Requests", "#Succeeded", "#Requests/s", "#Tokens/s", "#Good", "#Good/s"],
        parts.Select(part => new[]
        {
            Text(part.Name),
            Text(Number(part.Part.Seconds)),
            Text(Words.Count(part.Part.Requests)),
            Text(Words.Count(part.Part.Succeeded)),
            Text(Number(part.Part.RequestThroughput)),
            Text(Number(part.Part.OutputTokenThroughput)),
            Text(part.Part.Goodput is { } share ? Words.Share(share) : "–"),
            Text(Number(part.Part.RequestGoodput)),
        }));

    // By percentile, up to the 99th: the greatest of all would flatten the rest.
    private static Markup Curve(string title, Distribution of)
    {
        var most = Math.Max(of.P99, double.Epsilon);
        var points = Enumerable.Range(0, Steps).Select(i => Markup.Of(
            $"{new Markup(i == 0 ? "M" : "L")}{Width * i / (Steps - 1)} {Height - (Height * Math.Min(1, of.At(Math.Max(0.001, 0.03 * i)) / most))}"));
        return Markup.Of(
            $"""
            <figure><svg viewBox="0 -4 {Width} {Height + 8}" width="{Width}" role="img" aria-label="{title} by percentile"><path class="metric m-inflight" d="{Markup.Join(points)}"/></svg><figcaption class="soft">{title}: by percentile, 0 to 99; {Words.Span(of.P99)} at the right</figcaption></figure>

            """);
    }

    private static string Number(double? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "–";
}

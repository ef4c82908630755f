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
    private const int Steps = 100;

    /// <summary>The rates, a table for each time, and the curve of each over the whole load; nothing where no log tells.</summary>
    public static Markup Draw(ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Numbers is not { } numbers)
        {
            return Markup.Empty;
        }

        var parts = numbers.Parts.Where(part => part.Part is not null).Select(part => (part.Name, Part: part.Part!)).ToList();
        return Markup.Join([
            Rates(parts),
            .. new (string, Func<PhaseNumbers, Distribution?>)[]
            {
                ("Latency", part => part.Latency), ("TTFT, to the first token", part => part.Ttft), ("ITL, every gap between tokens", part => part.Itl),
                ("TPOT, time per output token", part => part.Tpot),
            }.Select(time => Times(time.Item1, time.Item2, parts)),
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

    private static Markup Times(string title, Func<PhaseNumbers, Distribution?> of, List<(string Name, PhaseNumbers Part)> parts)
    {
        var rows = parts.Select(part => (part.Name, Of: of(part.Part))).Where(part => part.Of is not null).ToList();
        if (rows.Count == 0)
        {
            return Markup.Empty;
        }

        var table = Tables.Draw(
            title,
            ["Part", "#Values", "#Mean", "#p50", "#p90", "#p95", "#p99", "#Greatest"],
            rows.Select(part => new[]
            {
                Text(part.Name), Text(Words.Count(part.Of!.Count)), Text(Words.Span(part.Of.Mean)), Text(Words.Span(part.Of.P50)),
                Text(Words.Span(part.Of.P90)), Text(Words.Span(part.Of.P95)), Text(Words.Span(part.Of.P99)), Text(Words.Span(part.Of.Max)),
            }));
        return Markup.Join([table, Curve(title, rows[0].Of!)]);
    }

    // By percentile, up to the 99th: the greatest of all would flatten the rest.
    private static Markup Curve(string title, Distribution of)
    {
        var most = Math.Max(of.P99, double.Epsilon);
        var points = Enumerable.Range(0, Steps).Select(i => Markup.Of(
            $"{new Markup(i == 0 ? "M" : "L")}{Width * i / (Steps - 1)} {Height - (Height * Math.Min(1, of.At(Math.Max(0.001, i / 100.0)) / most))}"));
        return Markup.Of(
            $"""
            <figure><svg viewBox="0 -4 {Width} {Height + 8}" width="{Width}" role="img" aria-label="{title}: by percentile, from the least to the 99th, which is {Words.Span(of.P99)}"><path class="metric m-inflight" d="{Markup.Join(points)}"/></svg><figcaption class="soft">{title}: by percentile, 0 to 99; {Words.Span(of.P99)} at the right</figcaption></figure>

            """);
    }

    private static string Number(double? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "–";
}

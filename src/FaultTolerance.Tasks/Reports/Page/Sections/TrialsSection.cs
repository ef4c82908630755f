using System.Globalization;
using System.Text;
using FaultTolerance.Reports.Page.Figure;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Statistics;
using FaultTolerance.Results.Trials;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>How the trials of a row scatter: a dot a trial, the median with its interval, and the trials one by one.</summary>
internal static class TrialsSection
{
    private const double Left = 130;
    private const double Right = 700;
    private const double RowHeight = 26;

    /// <summary>What is shown of each trial, recovery definitions.</summary>
    public static IReadOnlyList<string> Measures { get; } = [Outage.Key, FirstSuccess.Key, PodReady.Key, CapacityBack.Key, SteadyAgain.Key];

    /// <summary>The repetitions of a row beside each other.</summary>
    public static Markup Draw(RowTrials row)
    {
        if (!row.Repeated)
        {
            return Markup.Empty;
        }

        var spreads = Measures.Select(name => (Name: name, Spread: row.Recovery(name)))
            .Where(one => one.Spread is not null).Select(one => (one.Name, Spread: one.Spread!)).ToList();
        return Markup.Of($"""
            <h4>{row.All.Length} trials</h4>
            <p class="soft">{Said(row)}</p>
            {Strip(row, spreads)}{Numbers(row, spreads)}{Fold("Trial by trial", Each(row))}
            """);
    }

    /// <summary>What the trials allow to say of the median.</summary>
    public static string Said(RowTrials row)
    {
        var sound = row.All.Count(RowTrials.IsSound);
        var few = sound < MedianInterval.Fewest
            ? $" So few trials give no interval of 95 %: the least and the greatest of {sound} hold the median with {Math.Round(100 * MedianInterval.OfAll(sound), 1).ToString(CultureInfo.InvariantCulture)} %."
            : "";
        return $"{(sound == row.All.Length ? "All were measured" : $"{sound} of them were measured")}; what is said of the row is their median.{few}";
    }

    private static Markup Numbers(RowTrials row, List<(string Name, Spread Spread)> spreads)
    {
        var (lost, sent, low, high) = row.LostShare;
        var share = sent == 0 ? [] : new[] { new[] { Text("Requests lost, of all trials together"), Text($"{Words.Count(lost)} of {Words.Count(sent)}, {Words.Share((double)lost / sent)}"), Text($"{Words.Share(low)} to {Words.Share(high)}"), Text("–") } };
        return Tables.Draw($"Over the trials of {row.Name}", ["Measure", "#Median", "#95 % interval", "#Least to greatest"],
        [
            .. spreads.Select(one => new[]
            {
                Text(Sections.Numbers.Title(one.Name)), Text(Words.Span(one.Spread.Median)),
                Text(one.Spread.Interval is { } interval ? $"{Words.Span(interval.Low)} to {Words.Span(interval.High)}" : "–"), Text(Range(one.Spread)),
            }),
            .. share,
        ]);
    }

    /// <summary>The least and the greatest.</summary>
    public static string Range(Spread spread) => $"{Words.Span(spread.Least)} to {(spread.GreatestIsBound ? "over " : "")}{Words.Span(spread.Greatest)}";

    private static Markup Each(RowTrials row) => Tables.Draw($"Trials of {row.Name}", ["Trial", "State", .. Measures.Select(name => $"#{Sections.Numbers.Title(name)}"), "#Lost"], row.All.Select(trial => (Markup[])
    [
        Link($"{Words.Href(Path.GetFileName(trial.Folder))}/", $"{trial.Trial}"), Text(Words.State(trial.State)),
        .. Measures.Select(name => Text(trial.Recovered(name) is { } measured ? Words.Span(measured) : "–")),
        Text(Words.Count(RowTrials.LostBy(trial))),
    ]));

    // One scale for all: what came after what is then seen too.
    private static Markup Strip(RowTrials row, List<(string Name, Spread Spread)> spreads)
    {
        if (spreads.Count == 0)
        {
            return Markup.Empty;
        }

        var most = Math.Max(1e-3, spreads.Max(one => Math.Max(one.Spread.Greatest, one.Spread.Interval?.High ?? 0)));
        var step = TimeAxis.NiceStep(most / 6);
        var end = Math.Ceiling(most / step) * step;
        double X(double seconds) => Left + (Math.Clamp(seconds, 0, end) / end * (Right - Left));
        var bottom = (spreads.Count * RowHeight) + 6;
        var text = new StringBuilder();
        for (var k = 0; k * step <= end * 1.001; k++)
        {
            text.Append(Markup.Of($"""<path class="grid" d="M{X(k * step)} 4V{bottom}"/><text class="time" x="{X(k * step)}" y="{bottom + 16}">{Words.Number(k * step)} s</text>""").Value);
        }

        foreach (var ((name, spread), i) in spreads.Select((one, i) => (one, i)))
        {
            var y = 4 + (i * RowHeight) + (RowHeight / 2);
            text.Append(Markup.Of($"""<text class="lane" x="{Left - 8}" y="{y + 4}">{Sections.Numbers.Title(name)}</text>""").Value);
            text.Append(spread.Interval is { } interval ? Markup.Of($"""<rect class="interval" x="{X(interval.Low)}" y="{y - 7}" width="{Math.Max(1, X(interval.High) - X(interval.Low))}" height="14"/>""").Value : "");
            text.Append(Markup.Of($"""<path class="median" d="M{X(spread.Median.Seconds)} {y - 9}v18"/>""").Value);
            foreach (var value in spread.Values)
            {
                text.Append(Markup.Of($"""<circle class="trial{(value.Kind == MeasuredKind.Censored ? " bound" : "")}" cx="{X(value.Seconds)}" cy="{y}" r="4"><title>{Words.Span(value)}</title></circle>""").Value);
            }
        }

        return Markup.Of($"""
            <div class="scroll" role="region" aria-label="Spread of the trials of {row.Name}" tabindex="0"><svg class="strip" viewBox="0 0 720 {bottom + 24}" role="img" aria-label="A dot a trial; the line is the median, the bar its interval. The numbers stand in the table below.">{new Markup(text.ToString())}</svg></div>
            <p class="soft">A dot a trial, hollow where the load ended first; the line is the median{(spreads.Any(one => one.Spread.Interval is not null) ? ", the bar its interval of 95 %" : "")}. Seconds from the fault; the outage is a length.</p>

            """);
    }
}

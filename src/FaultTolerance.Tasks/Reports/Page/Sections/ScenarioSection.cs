using FaultTolerance.Faults.Words;
using FaultTolerance.Reports.Page.Figure;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Trials;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>One scenario: what happened in a sentence, its picture, its numbers, and what they rest on.</summary>
internal static class ScenarioSection
{
    /// <summary>All of one row.</summary>
    public static Markup Draw(RunResult run, RowTrials trials, FaultWordbook words)
    {
        var row = trials.Typical;
        var anchor = Words.Anchor(row);
        var story = Story.Of(row, words);
        var verdict = run.Verdict.Of(trials.All);
        var said = trials.All.SelectMany(trial => trial.Notes.Select(note => trials.Repeated ? $"Trial {trial.Trial}: {note}" : note)).ToList();
        var notes = said.Count == 0 ? Markup.Empty : Markup.Of($"<ul>{Markup.Join(said.Select(note => Markup.Of($"<li>{note}</li>")))}</ul>\n");
        var picture = FigureData.Of(row, words) is { } data
            ? Markup.Of($"""<figure>{Legend(data)}<p class="soft hint">The picture is wider than this window: scroll it sideways.</p><div class="scroll" role="region" aria-label="Picture of {row.Name}" tabindex="0">{ScenarioFigure.Draw(data, anchor, Description(data, story))}</div>{Caption(data)}</figure>""")
            : new Markup("<p class=\"soft\">There is no request to draw.</p>\n");
        return Markup.Of($"""
            <section class="row" id="{anchor}" aria-labelledby="{anchor}-h">
            <h3 id="{anchor}-h">{Signs.Draw(verdict)} {trials.Name} <span class="soft">{Words.State(row.State)}{(run.StandIn ? ", stand-in" : "")}</span></h3>
            <p class="said">{(trials.Repeated ? $"Trial {row.Trial}, whose outage lies in the middle: " : "")}{story}</p>
            {Facts(trials)}{Checks(run, trials)}{notes}{RatesSection.Draw(row)}{TrialsSection.Draw(trials)}{picture}
            {FaultsSection.Draw(row)}
            {ContinuitySection.Draw(row)}{VantageSection.Draw(row)}
            {NumbersSection.External(row)}{Fold("Rates, latency, TTFT and ITL", NumbersSection.Draw(row))}
            {Fold("Recovery, damage and percentiles", Markup.Join([Numbers.Recovery(run.Measures, row), row.Numbers is null ? Numbers.Percentiles(row) : Markup.Empty, Side(Numbers.Damage(run.Measures, row), Numbers.Upgrade(run.Measures, row), Numbers.Outcomes(row)), Numbers.Connections(row)]))}
            {Fold("Fault, proof and generator", Markup.Join([Evidence.Fault(row, words), Evidence.Health(row)]))}
            {Fold("In flight, slowest and first failures", Markup.Join([Evidence.InFlight(row), Evidence.Said(row), Evidence.Failures(row), Evidence.Slowest(row)]))}
            {Fold("What the cluster did, and what the pods said of themselves", Markup.Join([Evidence.Events(row), MetricTable.Draw(row)]))}
            <p class="top"><a href="{Words.Href(Path.GetFileName(row.Folder))}/">Artefacts of this scenario</a> · <a href="{Words.Href(Path.GetFileName(row.Folder), "timeline.jsonl")}">timeline.jsonl</a> · <a href="#matrix">Back to the matrix</a></p>
            </section>

            """);
    }

    // Of several trials the medians, as in the matrix.
    private static Markup Facts(RowTrials trials)
    {
        var row = trials.Typical;
        var lost = (long)(trials.Lost?.Median.Seconds ?? 0);
        (string Name, string Value, bool OfAll)[] facts = row.Recovery.IsEmpty
            ? [("Answered", Words.Count(row.Books.Succeeded), false), ("Failed", Words.Count(row.Books.Failed), false)]
            :
            [
                ("Outage", lost == 0 ? "none" : Of(Outage.Key), true), ("Requests lost", Words.Count(lost), true), ("Pod ready", Of(PodReady.Key), true), ("Steady again", Of(SteadyAgain.Key), true),
                ("p95, before → after", $"{P95(row.Damage?.Before)} → {P95(row.Damage?.After)}", false),
            ];
        static string P95(LatencySummary? part) => part?.Latency is { } latency ? Words.Span(latency.P95) : "–";
        string Of(string name) => trials.Recovery(name) is { } spread ? Words.Span(spread.Median) : "unknown";
        return Markup.Of($"<dl class=\"facts\">{Markup.Join(facts.Select(fact => Markup.Of($"<div><dt>{fact.Name}{(!trials.Repeated ? "" : fact.OfAll ? ", median" : $", trial {row.Trial}")}</dt><dd>{fact.Value}</dd></div>")))}</dl>\n");
    }

    // What needs attention stands open; what passed is one line.
    private static Markup Checks(RunResult run, RowTrials trials)
    {
        var checks = trials.All.SelectMany(trial => run.Verdict.ChecksOf(trial.Name).Select(check => trials.Repeated ? check with { Asked = $"{check.Asked}, trial {trial.Trial}" } : check)).ToList();
        var passed = checks.Where(check => check.Outcome == CheckOutcome.Pass).ToList();
        return Markup.Join([
            Table("Checks that did not pass", checks.Where(check => check.Outcome != CheckOutcome.Pass)),
            Fold($"{passed.Count} {(passed.Count == 1 ? "check" : "checks")} passed", Table("Checks that passed", passed)),
        ]);
    }

    private static Markup Table(string caption, IEnumerable<CheckResult> checks) => Tables.Draw(caption, ["Verdict", "Asked", "*Evidence"], checks.Select(check => new[]
    {
        Markup.Of($"""<span class="{Signs.Key(check.Outcome)}"><span class="sign" aria-hidden="true">{Signs.Shape(check.Outcome)}</span> {Signs.Word(check.Outcome)}</span>"""),
        Text(check.Asked),
        check.Artefact is { } file ? Markup.Of($"{check.Evidence} {Link(Words.Href(file), "open")}") : Text(check.Evidence),
    }));

    private static Markup Side(params Markup[] parts) => Markup.Of($"<div class=\"side\">{Markup.Join(parts)}</div>\n");

    private static Markup Legend(FigureData data)
    {
        var classes = Markup.Join(OutcomeClass.All.Where((_, kind) => data.Dots[kind].Count > 0).Select(one => Markup.Of($"""
            <li><i class="b-{one.Key}"></i><svg viewBox="0 0 18 14" aria-hidden="true"><path class="dots d-{one.Key}" d="M9 7"/></svg>{one.Title}</li>
            """)));
        var outage = data.Outage is null ? "" : """<li><i class="outage"></i>outage: no request was answered</li>""";
        var harm = data.Spells.IsEmpty ? "" : """<li><i class="failing"></i>harm: requests lost or late</li>""";
        var window = WindowPanel.Has(data) ? """<li><i class="window"></i>a fault, from its order to its end</li>""" : "";
        var metrics = Markup.Join(data.Metrics.Select(line => Markup.Of($"""<li><svg viewBox="0 0 18 14" aria-hidden="true"><path class="metric m-{line.Metric.Key}" d="M0 7H18"/></svg>{line.Metric.Title}</li>""")));
        return Markup.Of($"""
            <ul class="key" aria-label="Legend">{classes}<li><svg viewBox="0 0 18 14" aria-hidden="true"><path class="offered" d="M0 7H18"/></svg>offered</li>{new Markup(outage)}{new Markup(harm)}{new Markup(window)}{metrics}{LanePanel.Legend(data)}</ul>
            """);
    }

    private static Markup Caption(FigureData data)
    {
        var drawn = data.Dots.Sum(dots => dots.Count);
        var hidden = LanePanel.Hidden(data);
        var said = (drawn < data.Requests ? $"{Words.Count(drawn)} of {Words.Count(data.Requests)} requests drawn; the fastest and the slowest of every stretch are among them. " : "")
            + (hidden > 0 ? $"{hidden} more pods stand in the timeline." : "");
        return said.Length == 0 ? Markup.Empty : Markup.Of($"<figcaption class=\"soft\">{said}</figcaption>");
    }

    private static string Description(FigureData data, string story) =>
        $"{story} Time runs from left to right, {(data.Marks.IsEmpty ? "zero at the first request" : "zero at the fault")}. Marks: {(data.Marks.IsEmpty ? "none" : string.Join(", ", data.Marks.Select(mark => $"{mark.Text} at {Words.Span((double)(mark.At - data.Axis.Zero) / TimeSpan.TicksPerSecond)}")))}.";
}

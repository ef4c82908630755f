using FaultTolerance.Results;
using FaultTolerance.Results.Legacy;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>The whole run at a glance: failures down, deployments across, each cell a way to its scenario.</summary>
internal static class MatrixTable
{
    // Steps of the shades, seconds: what nobody notices, what a retry hides, what people wait through, what pages someone.
    private static readonly (double Below, string Title)[] Steps =
        [(0.5, "below 0.5 s, or no error"), (2, "below 2 s"), (10, "below 10 s"), (30, "below 30 s"), (double.PositiveInfinity, "30 s and more")];

    /// <summary>A line for each row.</summary>
    public static Markup Draw(RunResult run)
    {
        var rows = RowTrials.Of(run.Scenarios).ToDictionary(row => (row.Group, row.Failure));
        var deployments = run.Scenarios.Select(row => row.Group).Distinct(StringComparer.Ordinal).ToList();
        var failures = run.Scenarios.Select(row => row.Row.Failure).Distinct(StringComparer.Ordinal).Order(FailureOrder.Instance).ToList();
        var head = Markup.Join(deployments.Select(name => Markup.Of($"""<th scope="col">{Breakable(name)}</th>""")));
        var body = Markup.Join(failures.Select(failure => Markup.Of($"""
            <tr><th scope="row">{(failure == "none" ? Tables.Text("none (baseline)") : Breakable(failure))}</th>{Markup.Join(deployments.Select(deployment => Cell(run, rows.GetValueOrDefault((deployment, failure)))))}</tr>

            """)));
        var key = Markup.Join(Steps.Select((step, i) => Markup.Of($"""<li><i class="k{i}"></i>{step.Title}</li>""")));
        return Markup.Of($"""
            <div class="scroll" role="region" aria-label="Matrix of results" tabindex="0"><table class="matrix{(deployments.Count < 3 ? " few" : "")}"><caption><span>How long no client got an answer, by failure and deployment</span></caption>
            <thead><tr><th scope="col">Failure</th>{head}</tr></thead><tbody>
            {body}</tbody></table></div>
            <ul class="key" aria-label="Shades of the cells">{key}</ul>

            """);
    }

    private static Markup Cell(RunResult run, RowTrials? found)
    {
        if (found is not { } row)
        {
            return new Markup("""<td class="empty"><span class="soft" aria-label="not run">–</span></td>""");
        }

        var verdict = run.Verdict.Of(row.All);
        var (shade, value, more) = row.Repeated ? Seen(row) : Seen(row.All[0]);
        return Markup.Of($"""
            <td class="{shade}"><a href="#{Words.Anchor(row.All[0])}">{Signs.Draw(verdict)}<b>{value}</b><small>{more}</small></a></td>
            """);
    }

    private static (string Shade, string Value, string More) Seen(ScenarioResult row)
    {
        if (row.State is RowState.Failed or RowState.Invalid or RowState.Unproven)
        {
            return ("bad", Words.State(row.State), row.State == RowState.Failed ? "not measured" : "do not rely on it");
        }

        var failed = row.Recovery.IsEmpty ? row.Books.Failed : row.Damage?.LostRequests ?? 0;
        if (failed == 0)
        {
            return ("h0", "no error", $"{Words.Count(row.Books.Succeeded)} answered");
        }

        var share = row.Books.Sent == 0 ? "" : $" ({Words.Share((double)failed / row.Books.Sent)})";
        var gap = row.Recovered(Outage.Key);
        return gap is { Kind: MeasuredKind.Value or MeasuredKind.Censored } known
            ? (Shade(known.Seconds), $"{(known.Kind == MeasuredKind.Censored ? "over " : "")}{Words.Span(known.Seconds)}", $"{Words.Count(failed)} lost{share}")
            : ("h0", $"{Words.Count(failed)} failed", share.Trim());
    }

    // Of several trials the median, and how far they lie apart.
    private static (string Shade, string Value, string More) Seen(RowTrials row)
    {
        var (sound, typical) = (row.All.Count(RowTrials.IsSound), Seen(row.Typical));
        var trials = sound == row.All.Length ? $"{sound} trials" : $"{sound} of {row.All.Length} trials";
        if (sound == 0 || row.Recovery(Outage.Key) is not { } outage || row.Lost is not { Greatest: > 0 })
        {
            return (typical.Shade, typical.Value, $"{typical.More}, {trials}");
        }

        return (Shade(outage.Median.Seconds), Words.Span(outage.Median), $"{TrialsSection.Range(outage)}, {trials}");
    }

    // Names break where their parts end, in columns too narrow for the whole.
    private static Markup Breakable(string name) =>
        new(Tables.Text(name).Value.Replace("_", "_<wbr>", StringComparison.Ordinal).Replace("-", "-<wbr>", StringComparison.Ordinal));

    private static string Shade(double seconds) => $"h{Array.FindIndex(Steps, step => seconds < step.Below)}";
}

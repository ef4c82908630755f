using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Words;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>A row in plain sentences.</summary>
internal static class Story
{
    /// <summary>What was done and what clients saw.</summary>
    public static string Of(ScenarioResult row, FaultWordbook words) => row.State switch
    {
        RowState.Failed => $"Not measured. {row.Notes.FirstOrDefault() ?? "A phase failed."}",
        _ when row.Recovery.IsEmpty => Baseline(row),
        RowState.Unproven => $"{Fault(row, words)} The fault is unproven: what follows may be anything. {Seen(row)}",
        _ => $"{Fault(row, words)} {Seen(row)}",
    };

    private static string Baseline(ScenarioResult row) =>
        row.Books.Sent == 0
            ? "No request was sent."
            : $"No fault. {(row.Books.Succeeded == row.Books.Sent ? $"All {Words.Count(row.Books.Sent)} requests were" : $"{Words.Count(row.Books.Succeeded)} of {Words.Count(row.Books.Sent)} requests were")} answered.";

    private static string Fault(ScenarioResult row, FaultWordbook words)
    {
        var faults = row.Timeline.OfType<FaultLanded>().ToList();
        if (faults.Count == 0)
        {
            return $"Failure: {row.Row.Failure}.";
        }

        var what = faults.Select(item => words.Of(item.Kind).Story(Words.Plain(item))).Distinct(StringComparer.Ordinal);
        return $"{string.Join("; ", what)}{(faults.Count > 1 ? $" ({faults.Count} times)" : "")}.";
    }

    private static string Seen(ScenarioResult row)
    {
        var lost = row.Damage?.LostRequests ?? 0;
        if (lost == 0)
        {
            return row.Books.Failed == 0 ? "No client saw an error." : "No request failed after it.";
        }

        var gap = row.Recovered(Outage.Key);
        var outage = gap is { Kind: MeasuredKind.Value or MeasuredKind.Censored } known
            ? $"No request was answered for {(known.Kind == MeasuredKind.Censored ? "at least " : "")}{Words.Span(known.Seconds)}"
            : "Clients saw errors";
        var again = row.Damage is { Spells.Length: > 1 and var spells } && row.Recovered(LastError.Key) is { Kind: MeasuredKind.Value } last
            ? $" Harm came {spells} times, the last error {Words.Span(last.Seconds)} after the order."
            : "";
        var steady = row.Recovered(SteadyAgain.Key) switch
        {
            { Kind: MeasuredKind.Value } value => $" Steady again {Words.Span(value.Seconds)} after the order.",
            { Kind: MeasuredKind.Censored } => " Not steady again before the load ended.",
            _ => "",
        };
        return $"{outage}, and {Words.Count(lost)} of {Words.Count(row.Books.Sent)} requests failed.{again}{steady}";
    }
}

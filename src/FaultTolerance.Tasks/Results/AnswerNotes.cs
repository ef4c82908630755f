using FaultTolerance.Artefacts;

namespace FaultTolerance.Results;

/// <summary>What a row's reader must know of its answers, where two rules of ours and the reference suite's part.</summary>
internal static class AnswerNotes
{
    /// <summary>A sentence for each thing to know.</summary>
    public static IEnumerable<string> Of(IReadOnlyCollection<AttemptCollection> clients)
    {
        long uncounted = 0, silent = 0, brief = 0, kept = 0;
        foreach (var chunk in clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                uncounted += attempt is { Outcome: Outcome.Ok, TokensAsked: > 0, IsCounted: false } ? 1 : 0;
                silent += attempt is { Outcome: Outcome.Ok, ContentLength: <= 0, LegacySuccess: false } ? 1 : 0;
                brief += attempt is { Outcome: Outcome.Ok, ContentLength: > 0, LegacySuccess: false } ? 1 : 0;
                kept += attempt.Outcome == Outcome.ResetKept ? 1 : 0;
            }
        }

        if (uncounted > 0)
        {
            yield return $"{uncounted} streamed answers came without usage: events are no tokens, so their length is not judged";
        }

        if (silent > 0)
        {
            yield return $"{silent} answers are whole and hold reasoning or tool calls, but no content: the reference suite's rule counts them as failed";
        }

        if (brief > 0)
        {
            yield return $"{brief} answers are whole and hold fewer than 100 characters: the reference suite's rule counts them as failed";
        }

        if (kept > 0)
        {
            yield return $"{kept} requests were written on a kept connection that the server was closing: they say nothing of the service and are not lost requests";
        }
    }
}

using FaultTolerance.Artefacts;

namespace FaultTolerance.Results.Witnesses;

/// <summary>What the row's own clients did.</summary>
/// <param name="Sent">Attempts that were sent.</param>
/// <param name="Answered">Those that were answered whole.</param>
/// <param name="Tokens">Tokens of these, where the service told them.</param>
/// <param name="Streamed">Whether they asked for streams.</param>
internal sealed record ClientCounts(long Sent, long Answered, long Tokens, bool Streamed)
{
    private IReadOnlyCollection<AttemptCollection> Clients { get; init; } = [];

    /// <summary>The first send, UTC ticks.</summary>
    public long From { get; private init; }

    /// <summary>The last end, UTC ticks.</summary>
    public long To { get; private init; }

    /// <summary>Counts them; null where nothing was sent.</summary>
    public static ClientCounts? Of(IReadOnlyCollection<AttemptCollection> clients)
    {
        long sent = 0, answered = 0, tokens = 0;
        var streamed = false;
        var (from, to) = (long.MaxValue, 0L);
        foreach (var chunk in clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                sent++;
                answered += attempt.Outcome == Outcome.Ok ? 1 : 0;
                tokens += attempt is { Outcome: Outcome.Ok, IsCounted: true } ? attempt.Tokens : 0;
                streamed |= attempt.TokensAsked > 0 || attempt.FirstToken != 0;
                (from, to) = (Math.Min(from, Begin(attempt)), Math.Max(to, attempt.Ended));
            }
        }

        return sent == 0 ? null : new ClientCounts(sent, answered, tokens, streamed) { From = from, To = to, Clients = clients };
    }

    /// <summary>How many were under way in any of these times: so many may have been counted unseen.</summary>
    public int Within((long From, long To)[] gaps)
    {
        var count = 0;
        foreach (var chunk in gaps.Length == 0 ? [] : Clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                var (begin, end) = (Begin(attempt), attempt.Ended);
                count += Array.Exists(gaps, gap => begin <= gap.To && end >= gap.From) ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>How many attempts had been sent, and how many answered with how many tokens, at each of these instants.</summary>
    /// <param name="instants">UTC ticks, ascending.</param>
    public (long Sent, long Answered, long Tokens)[] At(long[] instants)
    {
        var counts = new (long Sent, long Answered, long Tokens)[instants.Length + 1];
        foreach (var chunk in Clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                counts[Place(instants, Begin(attempt))].Sent++;
                if (attempt.Outcome == Outcome.Ok)
                {
                    ref var ended = ref counts[Place(instants, attempt.Ended)];
                    ended = ended with { Answered = ended.Answered + 1, Tokens = ended.Tokens + (attempt.IsCounted ? attempt.Tokens : 0) };
                }
            }
        }

        for (var i = 1; i < counts.Length; i++)
        {
            counts[i] = (
                counts[i].Sent + counts[i - 1].Sent,
                counts[i].Answered + counts[i - 1].Answered,
                counts[i].Tokens + counts[i - 1].Tokens
            );
        }

        return counts[..^1];
    }

    // The first of the instants that is not before this one.
    private static int Place(long[] instants, long at) => Array.BinarySearch(instants, at) is var found && found < 0 ? ~found : found;

    // Logs of other tools tell no send.
    private static long Begin(in Attempt attempt) =>
        attempt.Sent != 0 ? attempt.Sent : attempt.Ended - (attempt.ElapsedNanoseconds / 100);
}

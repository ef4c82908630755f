using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results;

/// <summary>A time in which our own way to a frontend carried nothing.</summary>
/// <param name="Pod">The frontend's pod.</param>
/// <param name="From">When the first look that found it so began, UTC ticks.</param>
/// <param name="To">When it carried again, UTC ticks; the end of time where it never did.</param>
/// <param name="Reason">What broke.</param>
internal readonly record struct BrokenWay(string? Pod, long From, long To, string? Reason);

/// <summary>
/// When our own way to the frontends carried nothing, by the looks of the run itself. A request that waited in such a time and then failed
/// failed on the way, whatever its client took it for.
/// </summary>
/// <param name="Spans">The times, by their begin.</param>
internal sealed record BrokenWays(ImmutableArray<BrokenWay> Spans)
{
    // What a client takes a dead way for.
    private static readonly Outcome[] Mistaken =
    [
        Outcome.ConnectTimeout, Outcome.ResetBeforeHeaders, Outcome.ResetKept, Outcome.ResetMidStream, Outcome.StreamTruncated,
        Outcome.Stalled, Outcome.Deadline,
    ];

    /// <summary>Reads them.</summary>
    public static BrokenWays Of(Timeline timeline)
    {
        var spans = ImmutableArray.CreateBuilder<BrokenWay>();
        foreach (var pod in timeline.Of<WayChanged>().GroupBy(way => way.Pod, StringComparer.Ordinal))
        {
            WayChanged? broken = null;
            foreach (var way in pod)
            {
                if (way.Open == false)
                {
                    broken ??= way;
                }
                else if (broken is { } from)
                {
                    spans.Add(new BrokenWay(pod.Key, from.Happened, way.At, from.Reason));
                    broken = null;
                }
            }

            if (broken is { } open)
            {
                spans.Add(new BrokenWay(pod.Key, open.Happened, long.MaxValue, open.Reason));
            }
        }

        return new BrokenWays([.. spans.OrderBy(span => span.From)]);
    }

    /// <summary>Gives the attempts that failed on a broken way that outcome, in place.</summary>
    public void Settle(IEnumerable<AttemptCollection> clients)
    {
        if (Spans.IsEmpty)
        {
            return;
        }

        foreach (var client in clients)
        {
            client.Rename(attempt => IsOnTheWay(attempt) ? Outcome.Transport : attempt.Outcome);
        }
    }

    /// <summary>Whether an attempt was under way while the way to its frontend carried nothing.</summary>
    public bool Held(in Attempt attempt)
    {
        foreach (var span in Spans)
        {
            if (span.Pod == attempt.Pod && Overlaps(span, attempt))
            {
                return true;
            }
        }

        return false;
    }

    // Where no frontend is ready while a way is broken, it is the same trouble that took it: a node that is not heard of.
    private bool IsOnTheWay(in Attempt attempt)
    {
        if (Array.IndexOf(Mistaken, attempt.Outcome) >= 0)
        {
            return Held(attempt);
        }

        if (attempt.Outcome == Outcome.Refused && string.IsNullOrEmpty(attempt.Pod))
        {
            foreach (var span in Spans)
            {
                if (Overlaps(span, attempt))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Overlaps(in BrokenWay span, in Attempt attempt) => Overlaps(span.From, span.To, attempt);

    /// <summary>Whether an attempt was under way in a time.</summary>
    /// <param name="from">Its begin, UTC ticks.</param>
    /// <param name="to">Its end.</param>
    /// <param name="attempt">The attempt.</param>
    internal static bool Overlaps(long from, long to, in Attempt attempt)
    {
        var ended = attempt.Ended;
        var began = attempt.Sent != 0 ? attempt.Sent : ended - (attempt.ElapsedNanoseconds / 100);
        return began <= to && ended >= from;
    }
}

using FaultTolerance.Artefacts;

namespace FaultTolerance.Results;

/// <summary>
/// Which attempts say something of the service. What broke on our own way to it does not. A kept connection that the peer was closing
/// (<see cref="Outcome.ResetKept"/>) does not either, unless connections to the same pod broke otherwise within a second of it: then the pod
/// was going, and the close was part of that.
/// </summary>
internal sealed class Attribution
{
    private const long Near = TimeSpan.TicksPerSecond;
    private static readonly Outcome[] Breaks =
        [Outcome.Refused, Outcome.ConnectTimeout, Outcome.ResetBeforeHeaders, Outcome.ResetMidStream, Outcome.StreamTruncated];

    private readonly Dictionary<string, List<long>> _breaks = [];

    private Attribution()
    {
    }

    /// <summary>Looks through all clients' attempts.</summary>
    public static Attribution Of(IReadOnlyCollection<AttemptCollection> clients)
    {
        var found = new Attribution();
        if (!Any(clients, Outcome.ResetKept))
        {
            return found;
        }

        foreach (var chunk in clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (Array.IndexOf(Breaks, attempt.Outcome) >= 0)
                {
                    if (!found._breaks.TryGetValue(attempt.Pod ?? "", out var ends))
                    {
                        found._breaks.Add(attempt.Pod ?? "", ends = []);
                    }

                    ends.Add(attempt.Ended);
                }
            }
        }

        foreach (var ends in found._breaks.Values)
        {
            ends.Sort();
        }

        return found;
    }

    /// <summary>Whether the attempt's outcome is the service's.</summary>
    public bool IsServices(in Attempt attempt) => attempt.Outcome switch
    {
        Outcome.Transport => false,
        Outcome.ResetKept => IsNearBreak(attempt),
        _ => true,
    };

    private static bool Any(IReadOnlyCollection<AttemptCollection> clients, Outcome outcome)
    {
        foreach (var chunk in clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt.Outcome == outcome)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool IsNearBreak(in Attempt attempt)
    {
        if (!_breaks.TryGetValue(attempt.Pod ?? "", out var ends))
        {
            return false;
        }

        var at = ends.BinarySearch(attempt.Ended - Near);
        at = at < 0 ? ~at : at;
        return at < ends.Count && ends[at] <= attempt.Ended + Near;
    }
}

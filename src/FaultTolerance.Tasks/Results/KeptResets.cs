using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results;

/// <summary>
/// Tells resets of kept connections that say nothing of the service from those of a pod that was going. To a client both are the same: the
/// connection ends right after the request. But a server that closes an idle connection has no trouble, and a pod that goes has:
/// connections to it break otherwise, or the cluster tells of it, or a fault was ordered on it. Those are
/// <see cref="Outcome.ResetBeforeHeaders"/>; so are all where the load asks for it (<c>keptResetsAreHarm</c>).
/// </summary>
internal static class KeptResets
{
    // A pod's status comes to the timeline up to a second or two after the fact.
    private const long Near = 2 * TimeSpan.TicksPerSecond;

    // A server that closes what is idle closes a new connection too, where the request comes late on a busy machine.
    private const long AtOnce = TimeSpan.TicksPerSecond / 10;
    private static readonly Outcome[] Breaks = [Outcome.Refused, Outcome.ConnectTimeout, Outcome.ResetMidStream, Outcome.StreamTruncated];

    /// <summary>Gives each its outcome, in place.</summary>
    public static void Settle(IReadOnlyCollection<AttemptCollection> clients, Timeline timeline)
    {
        if (!clients.Any(client => client.Any(Outcome.ResetKept)))
        {
            return;
        }

        if (timeline.Of<LoadStarted>().LastOrDefault() is { KeptResetsAreHarm: true })
        {
            foreach (var client in clients)
            {
                client.Rename(attempt => attempt.Outcome == Outcome.ResetKept ? Outcome.ResetBeforeHeaders : attempt.Outcome);
            }

            return;
        }

        var troubles = new Dictionary<string, List<long>>(StringComparer.Ordinal);
        void Add(string? pod, long at)
        {
            if (pod is null)
            {
                return;
            }

            if (!troubles.TryGetValue(pod, out var instants))
            {
                troubles.Add(pod, instants = []);
            }

            instants.Add(at);
        }

        foreach (var attempt in clients.SelectMany(client => client).Where(IsTrouble))
        {
            Add(attempt.Pod, attempt.Ended);
        }

        foreach (var item in timeline.Events)
        {
            Add(PodInTrouble(item), item.Happened);
        }

        foreach (var instants in troubles.Values)
        {
            instants.Sort();
        }

        foreach (var client in clients)
        {
            client.Rename(attempt =>
                attempt.Outcome == Outcome.ResetKept
                && troubles.TryGetValue(attempt.Pod ?? "", out var instants)
                && IsNear(instants, attempt.Ended)
                    ? Outcome.ResetBeforeHeaders
                    : attempt.Outcome
            );
        }
    }

    private static bool IsTrouble(Attempt attempt) =>
        Array.IndexOf(Breaks, attempt.Outcome) >= 0
        || (attempt.Outcome == Outcome.ResetBeforeHeaders && attempt.Ended - Math.Max(attempt.Sent, attempt.Connected) > AtOnce);

    private static string? PodInTrouble(TimelineEvent item) =>
        item switch
        {
            PodChanged
            {
                Change: PodChange.NotReady
                    or PodChange.ContainerTerminated
                    or PodChange.Restarted
                    or PodChange.Terminating
                    or PodChange.Deleted
            } pod => pod.Pod,
            EndpointChanged { Ready: false } endpoint => endpoint.Pod,
            FaultIssued fault => fault.Pod,
            FaultLanded fault => fault.Pod,
            _ => null,
        };

    private static bool IsNear(List<long> instants, long at)
    {
        var place = instants.BinarySearch(at - Near);
        place = place < 0 ? ~place : place;
        return place < instants.Count && instants[place] <= at + Near;
    }
}

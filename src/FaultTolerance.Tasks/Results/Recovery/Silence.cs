using System.Runtime.InteropServices;

namespace FaultTolerance.Results.Recovery;

/// <summary>A span in which no request was answered.</summary>
/// <param name="From">Begin, UTC ticks.</param>
/// <param name="To">End; the last moment of a loss where it was not over then.</param>
/// <param name="EndedBy">The request that ended it; null where none did.</param>
internal readonly record struct Silence(long From, long To, RequestSample? EndedBy)
{
    /// <summary>How long it lasts, in ticks.</summary>
    public long Length => To - From;

    /// <summary>
    /// The outage: from the first request that was lost to the send of the first then answered; or, where the service only stalled and lost
    /// nothing, the longest span without an answer, if that is longer than any before the fault. Null where there was none.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="perClient">Whether each client is looked at alone; then it is that of the worst.</param>
    public static Silence? Of(RecoveryInput input, bool perClient)
    {
        if (!input.Harm.Lost.IsEmpty)
        {
            return Lost(input, perClient);
        }

        // Without a late answer nobody waited, and nothing is missing.
        if (input.Harm.Spells.IsEmpty || input.Band is not { } band)
        {
            return null;
        }

        var groups = perClient ? input.Requests.GroupBy(request => request.Client).Select(client => client.ToArray()) : [input.Requests];
        return groups
            .Select(requests => Stall(input, band, requests))
            .OfType<Silence>()
            .OrderByDescending(silence => silence.Length)
            .Select(silence => (Silence?)silence)
            .FirstOrDefault();
    }

    // Losses by when they were lost, answers by when they were sent, in one pass.
    private static Silence? Lost(RecoveryInput input, bool perClient)
    {
        var (requests, lost) = (input.Requests, input.Harm.Lost);
        var open = new Dictionary<int, (long? Since, long Last)>();
        Silence? longest = null;
        void Take(Silence silence) =>
            longest =
                longest is { } best && (best.Length, best.EndedBy is null).CompareTo((silence.Length, silence.EndedBy is null)) >= 0
                    ? best
                    : silence;
        var (next, i) = (0, HarmRule.FirstSentAfter(requests, input.Zero - 1));
        while (next < lost.Length || i < requests.Length)
        {
            if (next < lost.Length && (i == requests.Length || lost[next].At <= requests[i].Start))
            {
                ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(open, perClient ? lost[next].Request.Client : 0, out _);
                state = (state.Since ?? lost[next].At, lost[next].At);
                next++;
                continue;
            }

            ref readonly var request = ref requests[i++];
            ref var client = ref CollectionsMarshal.GetValueRefOrNullRef(open, perClient ? request.Client : 0);
            if (request.Ok && !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref client) && client.Since is { } since)
            {
                Take(new(since, request.Start, request));
                client = (null, 0);
            }
        }

        foreach (var (since, last) in open.Values)
        {
            if (since is { } begin)
            {
                Take(new(begin, last, null));
            }
        }

        return longest;
    }

    private static Silence? Stall(RecoveryInput input, SteadyBand band, RequestSample[] requests)
    {
        var normal = Longest(
            requests.Where(request => request.Start >= input.MeasuredFrom && request.End < input.NormalUntil), input.NormalUntil);
        var (last, longest) = (input.Zero, (Silence?)null);
        foreach (var request in requests.Where(request => request.Ok && request.End >= input.Zero).OrderBy(request => request.End))
        {
            var length = request.End - last;
            if (
                band.IsLate(request)
                && length > Math.Max(2 * normal, normal + (TimeSpan.TicksPerSecond / 2))
                && length > (longest?.Length ?? 0)
            )
            {
                longest = new(last, request.End, request);
            }

            last = request.End;
        }

        return longest;
    }

    // The longest span between two answers; the one that is open at an instant counts too.
    private static long Longest(IEnumerable<RequestSample> requests, long until)
    {
        long? last = null;
        long longest = 0;
        foreach (var end in requests.Where(request => request.Ok).Select(request => request.End).Append(until).Order())
        {
            longest = Math.Max(longest, end - (last ?? end));
            last = end;
        }

        return longest;
    }
}

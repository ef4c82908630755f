namespace FaultTolerance.Results.Recovery;

/// <summary>A span in which no request was answered.</summary>
/// <param name="From">Begin, UTC ticks.</param>
/// <param name="To">End; the last send where it was not over then.</param>
/// <param name="EndedBy">The request that ended it; null where none did.</param>
internal readonly record struct Silence(long From, long To, RequestSample? EndedBy)
{
    public long Length => To - From;

    /// <summary>The longest span between two answers; 0 where there are fewer.</summary>
    /// <param name="requests">Requests.</param>
    /// <param name="until">The span that is open at this instant counts too; ticks.</param>
    public static long Longest(IEnumerable<RequestSample> requests, long until)
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

    /// <summary>
    /// The outage among these requests: from the first that was lost to the send of the first then answered; or, where the service only
    /// stalled, the longest span without an answer, if that is longer than any before the fault. Null where there was none.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="requests">Those of all clients, or of one; by their start.</param>
    public static Silence? Of(RecoveryInput input, IReadOnlyList<RequestSample> requests) => Lost(input, requests) ?? Stall(input, requests);

    private static Silence? Lost(RecoveryInput input, IReadOnlyList<RequestSample> requests)
    {
        Silence? longest = null;
        void Take(Silence silence) => longest = longest is { } best && best.Length >= silence.Length ? best : silence;
        long? since = null;
        var last = input.Zero;
        foreach (var (at, request) in Moments(input, requests))
        {
            last = Math.Max(last, at);
            if (!request.Ok)
            {
                since ??= at;
            }
            else if (since is { } begin)
            {
                Take(new(begin, at, request));
                since = null;
            }
        }

        if (since is { } open)
        {
            Take(new(open, Math.Max(open, last), null));
        }

        return longest;
    }

    // In order of when each was lost or sent. Only streams that broke are out of the order of their sends.
    private static IEnumerable<(long At, RequestSample Request)> Moments(RecoveryInput input, IReadOnlyList<RequestSample> requests)
    {
        var after = requests.Where(request => request.Ok ? request.Start >= input.Zero : request.End >= input.Zero);
        return after.Select(request => (At: request.Ok ? request.Start : request.LostAt(input.Zero), request)).OrderBy(pair => pair.At).ThenBy(pair => pair.request.Ok);
    }

    private static Silence? Stall(RecoveryInput input, IReadOnlyList<RequestSample> requests)
    {
        if (input.Band is not { } band)
        {
            return null;
        }

        // One client of many is not answered as often as all are.
        var normal = ReferenceEquals(requests, input.Requests) ? band.LongestSilence
            : Longest(requests.Where(request => request.Start >= input.MeasuredFrom && request.End < input.Zero), input.Zero);
        var (last, longest) = (input.Zero, (Silence?)null);
        foreach (var request in requests.Where(request => request.Ok && request.End >= input.Zero).OrderBy(request => request.End))
        {
            // Nothing is missing where nobody waited: it takes a late answer to end a stall.
            var length = request.End - last;
            if (band.IsLate(request) && length > Math.Max(2 * normal, normal + (TimeSpan.TicksPerSecond / 2)) && length > (longest?.Length ?? 0))
            {
                longest = new(last, request.End, request);
            }

            last = request.End;
        }

        return longest;
    }
}

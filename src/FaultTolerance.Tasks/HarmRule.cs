namespace FaultTolerance;

/// <summary>A request that a fault harmed.</summary>
/// <param name="From">The harm's begin: when it was lost, or should have been answered; UTC ticks.</param>
/// <param name="To">Its end: when a late one must have been taken up; of a lost one the same as the begin.</param>
/// <param name="Start">When it was sent.</param>
/// <param name="Ok">Whether it was answered after all.</param>
internal readonly record struct HarmedRequest(long From, long To, long Start, bool Ok);

/// <summary>
/// Which requests a fault harmed, and when all is well again: those that were lost, and those that came later than is normal, by more than
/// chance does. The load that lasts until the service is steady, and the measures of a run, go by this one rule.
/// </summary>
internal static class HarmRule
{
    // How likely a service that is well is taken for one that is not, over a whole row.
    private const double FalseAlarm = 0.002;

    /// <summary>The requests that were harmed.</summary>
    /// <param name="requests">Requests by their start.</param>
    /// <param name="normal">The service as it was before.</param>
    /// <param name="order">The fault's order, UTC ticks.</param>
    public static List<HarmedRequest> Of<T>(T[] requests, NormalAnswers normal, long order)
        where T : struct, IAnswered
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(normal);
        var harms = new List<HarmedRequest>();
        // A service that failed requests before is harmed where it fails more of them.
        var fails = normal.FailedShare == 0 ? null
            : Excess(requests, order, all: true, static request => !request.Ok, Math.Min(0.4, 2 * normal.FailedShare));
        var late = Excess(requests, order, all: false, request => normal.IsLate(request), 0.05);
        var count = late.Count(marked => marked);
        for (var i = 0; i < requests.Length; i++)
        {
            ref readonly var request = ref requests[i];
            if (request.End < order)
            {
                continue;
            }

            if (!request.Ok && fails?[i] != false)
            {
                var at = LostAt(request, order);
                harms.Add(new(at, at, request.Start, false));
            }
            else if (request.Ok && (late[i] || request.End - request.Start > normal.StallLimit))
            {
                // What was under way for long shows late that it was taken up late: the service may be well by then.
                var from = Math.Max(order, request.Start + normal.Typical);
                harms.Add(new(from, Math.Max(order, normal.Served(request, count)), request.Start, true));
            }
        }

        return harms;
    }

    /// <summary>
    /// When a failed request was lost: as it was sent, or at the fault's order where it was under way then. A stream was served until it
    /// broke. What its client waited beyond that is latency, and says nothing about the service.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="order">The fault's order, UTC ticks.</param>
    public static long LostAt<T>(in T request, long order)
        where T : struct, IAnswered => Math.Max(order, request.Broke ? request.End : request.Start);

    /// <summary>By place the send of the first request from there on that was answered; 0 where none was.</summary>
    /// <param name="requests">Requests by their start.</param>
    public static long[] NextAnswered<T>(T[] requests)
        where T : struct, IAnswered
    {
        ArgumentNullException.ThrowIfNull(requests);
        var next = new long[requests.Length + 1];
        for (var i = requests.Length - 1; i >= 0; i--)
        {
            next[i] = requests[i].Ok ? requests[i].Start : next[i + 1];
        }

        return next;
    }

    /// <summary>When the harm of a request was over: the send of the next that was answered; null where none was.</summary>
    /// <param name="requests">Requests by their start.</param>
    /// <param name="next">What <see cref="NextAnswered"/> gave.</param>
    /// <param name="harm">The request.</param>
    public static long? Over<T>(T[] requests, long[] next, in HarmedRequest harm)
        where T : struct, IAnswered
    {
        ArgumentNullException.ThrowIfNull(next);
        return harm.Ok ? harm.To : next[FirstSentAfter(requests, Math.Max(harm.From, harm.Start))] is not 0 and var at ? at : null;
    }

    /// <summary>The place of the first request that was sent after an instant.</summary>
    public static int FirstSentAfter<T>(T[] requests, long at)
        where T : struct, IAnswered
    {
        ArgumentNullException.ThrowIfNull(requests);
        var (low, high) = (0, requests.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = requests[middle].Start <= at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>How many requests that were sent from an instant on were answered.</summary>
    public static int AnsweredFrom<T>(T[] requests, long at)
        where T : struct, IAnswered
    {
        var answers = 0;
        for (var i = FirstSentAfter(requests, at - 1); i < requests.Length; i++)
        {
            answers += requests[i].Ok ? 1 : 0;
        }

        return answers;
    }

    /// <summary>Whether so many answers, over so long, tell that the service is steady.</summary>
    /// <param name="answers">Answers since all was well.</param>
    /// <param name="ticks">From then to the last request that was sent.</param>
    /// <param name="steadyFor">How long the service must stay so, ticks.</param>
    public static bool IsSeen(int answers, long ticks, long steadyFor) => answers >= NormalAnswers.Fewest && ticks >= steadyFor;

    // The sum of logarithms of likelihoods (Page's CUSUM): of "half of them" against "as before". Where it rises above what chance gives
    // once in so many rows, the stretch from its last zero to its peak is one of excess, and what is bad in it is harm.
    private static bool[] Excess<T>(T[] requests, long order, bool all, Func<T, bool> isBad, double share)
        where T : struct, IAnswered
    {
        bool Counts(in T request) => request.End >= order && (all || request.Ok);
        var marked = new bool[requests.Length];
        var (bad, good) = (Math.Log(0.5 / share), Math.Log(0.5 / (1 - share)));
        var threshold = Math.Log(Math.Max(1, requests.Length) / FalseAlarm);
        var (sum, peak, begin, top) = (0.0, 0.0, 0, -1);
        void Close(int next)
        {
            for (var k = begin; peak >= threshold && k <= top; k++)
            {
                marked[k] = Counts(requests[k]) && isBad(requests[k]);
            }

            (sum, peak, begin, top) = (0, 0, next, -1);
        }

        for (var i = 0; i < requests.Length; i++)
        {
            if (!Counts(requests[i]))
            {
                continue;
            }

            sum += isBad(requests[i]) ? bad : good;
            if (sum > peak)
            {
                (peak, top) = (sum, i);
            }

            // Once it has fallen from its peak by the threshold, what follows is another stretch.
            if (sum <= 0 || peak - sum >= threshold)
            {
                Close(i + 1);
            }
        }

        Close(requests.Length);
        return marked;
    }
}

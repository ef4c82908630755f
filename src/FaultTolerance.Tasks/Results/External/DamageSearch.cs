using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.External;

/// <summary>Looks for damage whose begin nobody tells, against the row's own time before it.</summary>
internal static class DamageSearch
{
    private const int MostSteps = 50;

    /// <summary>
    /// When damage first began, UTC ticks; null where there is none, or where fewer than <see cref="NormalAnswers.Fewest"/> requests were
    /// answered before any. What is normal is first taken from the load's begin, then from all that came before the damage that
    /// was found by it, until both agree.
    /// </summary>
    /// <param name="requests">Requests by their start.</param>
    /// <param name="from">What was sent earlier is left out: the warm-up; UTC ticks.</param>
    public static long? First(RequestSample[] requests, long from)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var answers = requests.Where(request => request.Ok && request.Start >= from).Select(request => request.End).Order()
            .Take(NormalAnswers.Fewest).ToArray();
        if (answers.Length < NormalAnswers.Fewest)
        {
            return null;
        }

        var until = answers[^1] + 1;
        for (var step = 0; step < MostSteps; step++)
        {
            if (Harmed(requests, from, until) is not { } first)
            {
                return null;
            }

            if (first <= until)
            {
                return first;
            }

            until = first;
        }

        return until;
    }

    /// <summary>
    /// When a request was harmed, where no order says. One that failed no later than answers take was served until then, and broke; one
    /// that failed later hung from its send.
    /// </summary>
    /// <param name="request">A request that failed.</param>
    /// <param name="normal">What is normal.</param>
    public static long Moment(in RequestSample request, NormalAnswers normal)
    {
        ArgumentNullException.ThrowIfNull(normal);
        return request.Broke || request.End - request.Start <= normal.Limit ? request.End : request.Start;
    }

    private static long? Harmed(RequestSample[] requests, long from, long until)
    {
        var least = Math.Max(1, Math.Min(TimeSpan.TicksPerSecond, (until - requests[0].Start) / 5));
        if (NormalAnswers.Of<RequestSample>(requests, from, until, least) is not { } normal)
        {
            return null;
        }

        var harms = HarmRule.Of(requests, normal, until);
        var lost = harms.Where(harm => !harm.Ok).Select(harm => harm.Start).ToHashSet();
        var first = harms.Where(harm => harm.Ok).Select(harm => (long?)harm.From).Min();
        foreach (ref readonly var request in requests.AsSpan())
        {
            if (!request.Ok && request.End >= until && lost.Contains(request.Start))
            {
                var moment = Math.Max(until, Moment(request, normal));
                first = first is { } so && so <= moment ? so : moment;
            }
        }

        return first;
    }
}

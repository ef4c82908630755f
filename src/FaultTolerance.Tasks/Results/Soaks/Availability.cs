using FaultTolerance.Results.Statistics;

namespace FaultTolerance.Results.Soaks;

/// <summary>
/// How available a service was while faults went on: the share of the requests that ended from the first fault's order on that were
/// answered, with Wilson's interval of 95 % over requests. Requests that fail together count one by one: of failures in bursts the
/// interval is too narrow.
/// </summary>
/// <param name="Answered">Requests that were answered.</param>
/// <param name="Ended">Requests that ended, and tell of the service.</param>
internal sealed record Availability(long Answered, long Ended)
{
    /// <summary>The share, 0 to 1.</summary>
    public double Share => (double)Answered / Ended;

    /// <summary>Its interval of 95 %.</summary>
    public (double Low, double High) Interval => Wilson.Interval(Answered, Ended);

    /// <summary>Of a row; null where no request ended after a fault's order.</summary>
    /// <param name="requests">The row's requests.</param>
    /// <param name="zero">The first fault's order, UTC ticks.</param>
    public static Availability? Of(IEnumerable<Recovery.RequestSample> requests, long zero)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var (answered, ended) = (0L, 0L);
        foreach (var request in requests.Where(request => request.End >= zero))
        {
            ended++;
            answered += request.Ok ? 1 : 0;
        }

        return ended == 0 ? null : new(answered, ended);
    }
}

using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Clients;

/// <summary>
/// Where in its own period (the time from one of its requests to the next) each client sends its first request. Clients that start together
/// stay together, and then an outage catches all of their requests or none: the requests lost tell more of the fault's instant than of
/// its length.
/// </summary>
internal static class ClientStarts
{
    /// <summary>
    /// Seconds from the load's start, by client. In the closed loop each has a share of the period of its own, in an order that the seed
    /// decides, and a seeded point in it. A constant plan deals its requests to the clients in turn, and begins at a seeded point of the
    /// time between two of them. Random arrivals and those of a trace have no period: empty.
    /// </summary>
    public static ImmutableArray<double> Of(LoadSpec spec)
    {
        var random = new Random(spec.Seed);
        var share = spec.RatePerClient > 0 ? 1 / spec.RatePerClient / spec.Clients : 0;
        if (spec.Mode == LoadMode.Open)
        {
            var first = random.NextDouble() * share;
            return spec.Arrivals != Arrivals.Constant || spec.Trace is not null
                ? []
                : [.. Enumerable.Range(0, spec.Clients).Select(client => first + (client * share))];
        }

        var turns = Enumerable.Range(0, spec.Clients).ToArray();
        random.Shuffle(turns);
        // During a ramp client after client joins in.
        var ramp = spec.Ramp.TotalSeconds / spec.Clients;
        return [.. turns.Select((turn, client) => (client * ramp) + ((turn + random.NextDouble()) * share))];
    }
}

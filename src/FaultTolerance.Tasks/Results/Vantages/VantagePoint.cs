using FaultTolerance.Artefacts;
using FaultTolerance.Results.Numbers;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Vantages;

/// <summary>What a service was like from one place.</summary>
/// <param name="Before">What ended before the fault; without a fault all.</param>
/// <param name="After">All else; null without a fault.</param>
/// <param name="Outage">The outage over its clients; unknown without a fault.</param>
/// <param name="Apart">Requests that were sent and say nothing of the service (<see cref="OutcomeKinds.TellsOfService"/>).</param>
/// <param name="Unsent">Requests that were planned and not sent.</param>
internal sealed record VantagePoint(PhaseNumbers? Before, PhaseNumbers? After, Measured Outage, long Apart, long Unsent)
{
    /// <summary>Measures.</summary>
    /// <param name="attempts">The attempts of its clients.</param>
    /// <param name="books">Their requests.</param>
    /// <param name="outage">Their outage.</param>
    /// <param name="from">The end of the warm-up, UTC ticks: what was sent earlier is left out.</param>
    /// <param name="zero">The fault's order, UTC ticks; null without a fault.</param>
    public static VantagePoint Of(
        IReadOnlyCollection<AttemptCollection> attempts, RequestBooks books, Measured outage, long from, long? zero)
    {
        ArgumentNullException.ThrowIfNull(books);
        // All that did not end before the fault is of its time, to the end.
        var numbers = NumbersTally.Of(attempts, load: null, from, zero is { } at ? (at, long.MaxValue) : null);
        return new(
            zero is null ? numbers?.Whole : numbers?.Before, zero is null ? null : numbers?.During, outage,
            books.KeptResets + books.OwnTransport, books.NotSent);
    }
}

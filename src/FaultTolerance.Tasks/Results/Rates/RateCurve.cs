using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.Rates;

/// <summary>A search for the highest rate at which the goodput holds, with all that was tried.</summary>
/// <param name="Asked">What was asked for.</param>
/// <param name="Steps">The steps, in the order in which they were tried.</param>
/// <param name="End">How it ended; null where the timeline does not tell, as in a run that was ended on the way.</param>
internal sealed record RateCurve(RateSearchStarted Asked, ImmutableArray<RateStep> Steps, RateEnd? End)
{
    /// <summary>The step at the highest rate that held; null where none did.</summary>
    public RateStep? Held => Step(RateFate.Held, RateSearch.Bounds(Tries).Held);

    /// <summary>The step at the lowest rate that did not hold; null where none failed.</summary>
    public RateStep? Broke => Step(RateFate.Broke, RateSearch.Bounds(Tries).Broke);

    /// <summary>The steps as the search sees them.</summary>
    public IReadOnlyList<RateTry> Tries => [.. Steps.Select(step => new RateTry(step.Rate, step.Fate))];

    /// <summary>The search of a row; null where it has none.</summary>
    /// <param name="timeline">The row's events.</param>
    public static RateCurve? Of(IEnumerable<TimelineEvent> timeline)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        var events = timeline.ToList();
        if (events.OfType<RateSearchStarted>().LastOrDefault() is not { } asked)
        {
            return null;
        }

        RateEnd? end = Enum.TryParse<RateEnd>(events.OfType<RateSearchEnded>().LastOrDefault()?.End, out var told) && Enum.IsDefined(told)
            ? told : null;
        return new RateCurve(asked, [.. events.OfType<RateStepped>().Select(RateStep.Of).OfType<RateStep>()], end);
    }

    private RateStep? Step(RateFate fate, double? rate) => Steps.LastOrDefault(step => step.Fate == fate && step.Rate == rate);
}

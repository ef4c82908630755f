using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Statistics;

namespace FaultTolerance.Results.Rates;

/// <summary>A step of a search as its timeline tells it.</summary>
/// <param name="Told">The event.</param>
/// <param name="Fate">What it came to.</param>
internal sealed record RateStep(RateStepped Told, RateFate Fate)
{
    /// <summary>Requests a second.</summary>
    public double Rate => Told.Rate ?? 0;

    /// <summary>Requests that were judged.</summary>
    public long Requests => Math.Max(0, Told.Requests ?? 0);

    /// <summary>Those of them within the limits.</summary>
    public long Good => Math.Clamp(Told.Good ?? 0, 0, Requests);

    /// <summary>Share of the good ones; null where nothing was judged.</summary>
    public double? Goodput => Requests == 0 ? null : (double)Good / Requests;

    /// <summary>Wilson's interval of that share, 95 %.</summary>
    public (double Low, double High) Interval => Wilson.Interval(Good, Requests);

    /// <summary>The step of an event; null for one that does not say enough.</summary>
    public static RateStep? Of(RateStepped told) =>
        told is { Step: not null, Rate: > 0 } && Enum.TryParse<RateFate>(told.Fate, out var fate) && Enum.IsDefined(fate)
            ? new(told, fate) : null;
}

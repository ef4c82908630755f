using System.Collections.Immutable;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Statistics;

namespace FaultTolerance.Results.Trials;

/// <summary>A measure over the trials of a row.</summary>
/// <param name="Values">What the trials that know it measured, in their order.</param>
/// <param name="Median">The median; a lower bound where the value in the middle is one.</param>
/// <param name="Interval">The median's interval of 95 %; null of too few trials, and where any of them gave a bound only.</param>
internal sealed record Spread(ImmutableArray<Measured> Values, Measured Median, (double Low, double High)? Interval)
{
    /// <summary>The least, in the measure's unit.</summary>
    public double Least => Values.Min(value => value.Seconds);

    /// <summary>The greatest; at least that where <see cref="GreatestIsBound"/>.</summary>
    public double Greatest => Values.Max(value => value.Seconds);

    /// <summary>Whether an observation ended before the greatest value was reached.</summary>
    public bool GreatestIsBound => Values.Any(value => value.Kind == MeasuredKind.Censored && value.Seconds >= Greatest);

    /// <summary>The spread of measurements; null where none is known. What was not needed counts as 0 s.</summary>
    public static Spread? Of(IEnumerable<Measured> measured)
    {
        ImmutableArray<Measured> known = [.. measured.Where(value => value.Kind != MeasuredKind.Unknown)];
        return known.IsEmpty
            ? null
            : new Spread(
                known,
                Middle(known),
                known.Any(value => value.Kind == MeasuredKind.Censored)
                    ? null
                    : MedianInterval.Of([.. known.Select(value => value.Seconds)])
            );
    }

    // A bound in the middle makes the median a bound: what is above it is not known to be below anything.
    private static Measured Middle(ImmutableArray<Measured> known)
    {
        var sorted = known.OrderBy(value => value.Seconds).ThenBy(value => value.Kind == MeasuredKind.Censored).ToList();
        var (low, high) = (sorted[(sorted.Count - 1) / 2], sorted[sorted.Count / 2]);
        if (low.Kind == MeasuredKind.NotNeeded && high.Kind == MeasuredKind.NotNeeded)
        {
            return Measured.NotNeeded;
        }

        // Anything below the middle that is only a bound may in truth lie above it.
        var bound = sorted.Take((sorted.Count / 2) + 1).Any(value => value.Kind == MeasuredKind.Censored);
        return new Measured(bound ? MeasuredKind.Censored : MeasuredKind.Value, (low.Seconds + high.Seconds) / 2);
    }
}

using System.Globalization;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Rates;

/// <summary>
/// Looks for the highest rate that holds: upward from the lowest by doubling until one does not hold, then by halving what is between.
/// Pure: the same tries give the same next one.
/// </summary>
internal static class RateSearch
{
    /// <summary>The next rate, or the end.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <param name="tries">What was tried, in order.</param>
    /// <param name="timeLeft">Whether a further step would end in time.</param>
    public static RateMove Next(RateSearchSpec spec, IReadOnlyList<RateTry> tries, bool timeLeft)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(tries);
        var (held, broke) = Bounds(tries);
        if (broke is not null && held is null)
        {
            return new(null, RateEnd.FailsAtLowest);
        }

        if (held >= spec.To)
        {
            return new(null, RateEnd.HoldsAtHighest);
        }

        if (Unsound(tries) >= 2)
        {
            return new(null, RateEnd.Generator);
        }

        var next = Unsound(tries) == 1 ? tries[^1].Rate : Between(spec, held, broke);
        return next is not { } rate ? new(null, RateEnd.Found)
            : tries.Count >= spec.Steps ? new(null, RateEnd.Steps)
            : !timeLeft ? new(null, RateEnd.Time)
            : new(rate, null);
    }

    /// <summary>The highest rate that held below all that did not, and the lowest that did not; null where there is none.</summary>
    public static (double? Held, double? Broke) Bounds(IReadOnlyList<RateTry> tries)
    {
        ArgumentNullException.ThrowIfNull(tries);
        double? held = null, broke = null;
        foreach (var one in tries)
        {
            held = one.Fate == RateFate.Held && !(one.Rate < held) ? one.Rate : held;
            broke = one.Fate == RateFate.Broke && !(one.Rate > broke) ? one.Rate : broke;
        }

        return (held, broke);
    }

    // What is between two rates that are near enough, or that no rate of four digits lies between, is nothing.
    private static double? Between(RateSearchSpec spec, double? held, double? broke)
    {
        if (held is not { } low)
        {
            return spec.From;
        }

        if (broke is not { } high)
        {
            return Math.Min(spec.To, 2 * low);
        }

        var middle = Rounded(low + ((high - low) / 2));
        return high - low <= spec.Precision * low * (1 + 1e-9) || middle <= low || middle >= high ? null : middle;
    }

    private static double Rounded(double rate) =>
        double.Parse(rate.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    // How often the last rate was tried in vain, one after the other.
    private static int Unsound(IReadOnlyList<RateTry> tries)
    {
        var count = 0;
        while (count < tries.Count && tries[^(count + 1)].Fate == RateFate.Unsound)
        {
            count++;
        }

        return count;
    }
}

using System.Collections.Immutable;

namespace FaultTolerance.Scenarios;

/// <summary>
/// In which order rows are tried several times: round by round, each row once a round, shuffled anew in each. What drifts on a machine
/// during a run meets all rows alike, and a run that was cut short has tried each row about as often as the others.
/// </summary>
internal static class TrialOrder
{
    /// <summary>Each row so many times, in an order that the seed decides; a single trial keeps the given order.</summary>
    /// <param name="scenarios">Rows, and trials that were named themselves, which are taken as they are.</param>
    /// <param name="trials">From 1.</param>
    /// <param name="seed">Of the order. The same scenarios, trials and seed give the same order.</param>
    public static ImmutableArray<Scenario> Of(IReadOnlyCollection<Scenario> scenarios, int trials, int seed)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        if (trials == 1)
        {
            return [.. scenarios];
        }

        var random = new Random(seed);
        var all = scenarios.SelectMany(scenario => scenario.Trial > 1 ? [scenario] : Enumerable.Range(1, trials).Select(scenario.AsTrial))
            .DistinctBy(scenario => scenario.Name, StringComparer.Ordinal)
            .ToLookup(scenario => scenario.Trial);
        return [.. all.OrderBy(round => round.Key).SelectMany(round => Shuffled([.. round], random))];
    }

    private static Scenario[] Shuffled(Scenario[] round, Random random)
    {
        random.Shuffle(round);
        return round;
    }
}

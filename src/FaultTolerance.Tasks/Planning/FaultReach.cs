using FaultTolerance.Faults;
using FaultTolerance.Faults.Heal;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Planning;

/// <summary>What each fault of a scenario would hit, by name, and the rights that it needs.</summary>
internal static class FaultReach
{
    /// <summary>The lines of each fault, in the failure's order.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="sight">What is seen of its graph.</param>
    /// <param name="kinds">The kinds that its faults may be of.</param>
    /// <param name="options">With what they would be done.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="FaultMatrixException">FT0601, FT0611, FT0620, FT0624: a fault has no target, or more than it may hit.</exception>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> OfAsync(
        Scenario scenario, PlanSight sight, FaultKinds kinds, FaultOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(kinds);
        var faults = new List<IReadOnlyList<string>>();
        foreach (var fault in scenario.Failure.Faults)
        {
            var kind = kinds.Of(fault);
            var names = await kind.NamesAsync(sight, fault, cancellation);
            var refusal = sight.Session is { } session ? await kind.RefusalAsync(session, options, cancellation) : null;
            var rights = FaultKinds.RightsOf(kind).Concat(kind.RightsOn(sight.Graph.Kind)).Distinct().Select(right => $"{right}").ToList();
            faults.Add(
            [
                .. names.Select(name => $"would hit {name}"),
                .. refusal is null ? [] : new[] { $"cannot be made here: {refusal}" },
                .. fault is HealStep ? [] : new[] { Needs(rights) },
            ]);
        }

        return faults;
    }

    private static string Needs(List<string> rights) =>
        rights.Count == 0 ? "needs no right beyond those of every run" : $"needs {string.Join(", ", rights)}";
}

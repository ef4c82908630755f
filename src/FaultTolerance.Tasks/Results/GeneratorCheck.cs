using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results;

/// <summary>How the load generator did, by its own account in the timeline (event <c>load.health</c>).</summary>
/// <param name="Values">The event's figures by their keys, as docs/results-and-formats.md lists them; seconds, shares and rates.</param>
/// <param name="Reasons">Why its figures are not to be trusted; empty when they are.</param>
internal sealed record GeneratorCheck(ImmutableArray<(string Key, double Value)> Values, ImmutableArray<string> Reasons)
{
    /// <summary>The keys of the figures, in the order in which they are shown.</summary>
    public static ImmutableArray<string> Keys => LoadHealth.FigureKeys;

    /// <summary>A figure, or null where the event has none.</summary>
    public double? this[string key] => Values.Where(pair => pair.Key == key).Select(pair => (double?)pair.Value).FirstOrDefault();

    internal static GeneratorCheck? Of(Timeline timeline) =>
        timeline.Of<LoadHealth>().LastOrDefault() is not { } health
            ? null
            : new GeneratorCheck(
                health.Figures,
                health is { Valid: false, Reasons.IsEmpty: true } ? ["it says so, without a reason"] : health.Reasons
            );
}

using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results;

/// <summary>
/// How far a row's timeline tells of its fault: until the teardown began. What comes then is the tool's own doing, and not the fault's.
/// </summary>
internal static class Observation
{
    /// <summary>The events until then.</summary>
    public static ImmutableArray<TimelineEvent> Of(Timeline timeline)
    {
        var end = timeline.Of<PhaseChanged>().FirstOrDefault(phase => phase is { Phase: "Teardown", State: PhaseState.Started })?.At
            ?? long.MaxValue;
        return [.. timeline.Events.Where(item => item.At < end)];
    }
}

using System.Collections.Immutable;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Results;

/// <summary>
/// How far a row's timeline tells of its fault: until the teardown began. What comes then is the tool's own doing, and not the fault's.
/// </summary>
internal static class Observation
{
    /// <summary>The events until then.</summary>
    public static ImmutableArray<TimelineEvent> Of(Timeline timeline)
    {
        var end = timeline.Of("phase").FirstOrDefault(phase => phase["phase"] == "Teardown" && phase["state"] == "started")?.At ?? long.MaxValue;
        return [.. timeline.Events.Where(item => item.At < end)];
    }
}

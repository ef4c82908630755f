using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Results.Reading;

/// <summary>
/// Puts what pods stamped with their node's clock on the runner's, by the offset that the run measured (event <c>clock</c>; the API
/// server's
/// clock stands for its nodes'). An offset within its own uncertainty is none: correcting by it would only add noise.
/// </summary>
internal static class PodClock
{
    /// <summary>The instant on the run's clock.</summary>
    public static PodLogs Correct(PodLogs pods, Timeline timeline, string folder)
    {
        if (timeline.Of<ClockMeasured>().LastOrDefault() is not { Offset: { } offset } clock
            || Math.Abs(offset) <= (clock.Uncertainty ?? 0))
        {
            return pods;
        }

        var ticks = (long)(offset * TimeSpan.TicksPerSecond);
        return pods with
        {
            Ready = [.. pods.Ready.Select(line => line with { At = line.At - ticks })],
            Findings = pods.Findings.Add(
                new Diagnostic(
                    ParseCodes.ClockOffset,
                    Severity.Note,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the cluster's clock was {offset:+0.000;-0.000} s off the runner's; the pods' times are corrected by it"
                    )
                )
                {
                    File = folder,
                }
            ),
        };
    }
}

using System.Globalization;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results;

/// <summary>What a row's reader must know of its graph: counts that others changed, containers that a kill did not bring down.</summary>
internal static class GraphNotes
{
    /// <summary>A sentence for each thing to know.</summary>
    public static IEnumerable<string> Of(Timeline timeline)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        if (timeline.Of<LoadStarted>().LastOrDefault() is not { } started)
        {
            yield break;
        }

        foreach (var scaled in timeline.Of<ReplicasChanged>().Where(item => item.At >= started.At))
        {
            var seconds = ((scaled.At - started.At) / (double)TimeSpan.TicksPerSecond).ToString("0.0", CultureInfo.InvariantCulture);
            yield return $"{scaled.Service} was to have {scaled.Wanted} replicas instead of {scaled.Before} from {seconds} s after the "
                + "load's start: its planner, or somebody else, scaled it";
        }

        var seen = Observation.Of(timeline).OfType<PodChanged>().ToArray();
        foreach (var pod in timeline.Of<FaultLanded>().Where(item => item.Kind == "killProcess" && item.Uid is not null)
            .GroupBy(item => item.Uid, StringComparer.Ordinal))
        {
            var first = pod.First();
            var after = seen.Where(item => item.Uid == first.Uid && item.At >= first.At - TimeSpan.TicksPerSecond);
            if (!after.Any(item => item.Change is PodChange.ContainerTerminated or PodChange.Restarted
                or PodChange.Terminating or PodChange.Deleted))
            {
                yield return $"container {first.Container} of {first.Pod} never restarted after the kill: its main process lived on";
            }
        }
    }
}

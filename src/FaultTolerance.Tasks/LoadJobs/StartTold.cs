using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.LoadJobs;

/// <summary>Tells once, in the timeline, when each pod started, by which clock, and how far their starts lie apart.</summary>
/// <param name="pods">The pods.</param>
/// <param name="timeline">Where it is told.</param>
internal sealed class StartTold(IReadOnlyList<LoadPod> pods, TimelineWriter timeline)
{
    private bool _told;

    /// <summary>The instant that was named for the start.</summary>
    public DateTimeOffset Instant { get; set; }

    /// <summary>Seconds from the first start to the last; null where not all have started.</summary>
    public double? Spread => pods.All(pod => pod.StartedAt is not null)
        ? (pods.Max(pod => pod.StartedAt!.Value) - pods.Min(pod => pod.StartedAt!.Value)).TotalSeconds
        : null;

    /// <summary>Tells it if all have started and it was not told.</summary>
    public void TellOnce()
    {
        if (!_told && Spread is not null)
        {
            Tell();
        }
    }

    /// <summary>Tells what is known, if it was not told.</summary>
    public void Tell()
    {
        if (_told)
        {
            return;
        }

        _told = true;
        var server = Timeline.Read(timeline.Path).Of<ClockMeasured>().LastOrDefault();
        foreach (var pod in pods)
        {
            timeline.Write(pod.StartedAt ?? timeline.Clock.Now, new LoadPodStarted
            {
                Pod = pod.Name,
                Node = pod.Node,
                Index = pod.Index,
                FirstClient = pod.Share.First,
                Clients = pod.Share.Count,
                // Both were measured against the run's clock.
                Offset = pod.Clock?.AheadOfRun.TotalSeconds - server?.Offset,
                Uncertainty = pod.Clock?.Uncertainty.TotalSeconds + server?.Uncertainty,
                StampUncertainty = pod.Clock?.Uncertainty.TotalSeconds,
                Late = (pod.StartedAt - Instant)?.TotalSeconds,
            });
        }

        if (Spread is { } spread)
        {
            var uncertain = pods.Select(pod => pod.Clock?.Uncertainty.TotalSeconds ?? 0).OrderDescending().Take(2).Sum();
            timeline.Write(new LoadPodsStarted { Pods = pods.Count, Spread = spread, Uncertainty = uncertain });
        }
    }
}

using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Words;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>What a pod is doing.</summary>
internal enum PodPhase
{
    /// <summary>Made, no container runs.</summary>
    Pending,

    /// <summary>A container runs and is not ready yet.</summary>
    Starting,

    /// <summary>Ready.</summary>
    Ready,

    /// <summary>Runs and has lost its readiness.</summary>
    Unready,

    /// <summary>Its container ended.</summary>
    Down,

    /// <summary>Told to end.</summary>
    Terminating,
}

/// <summary>A pod's life as the watch saw it.</summary>
/// <param name="Service">The service.</param>
/// <param name="Pod">The pod.</param>
/// <param name="Spans">Its phases, one after the other.</param>
/// <param name="Moments">What happened to it: the event and what to say of it.</param>
internal sealed record PodLane(
    string Service,
    string Pod,
    ImmutableArray<(PodPhase Phase, long From, long To)> Spans,
    ImmutableArray<(string Kind, long At, string Text)> Moments
)
{
    /// <summary>The pod's own part of its name.</summary>
    public string Short => Pod[(Pod.LastIndexOf('-') + 1)..];

    /// <summary>Lanes in the order of services, then of pods' first events.</summary>
    public static ImmutableArray<PodLane> Of(IReadOnlyCollection<TimelineEvent> timeline, long end, FaultWordbook words)
    {
        var hit = timeline.OfType<FaultEvent>().ToLookup(item => item.Uid ?? item.Pod ?? "", StringComparer.Ordinal);
        return
        [
            .. timeline.OfType<PodChanged>().Where(item => item.Pod is not null)
                .GroupBy(item => item.Uid ?? item.Pod ?? "", StringComparer.Ordinal)
                .Select(pod => One([.. pod], hit[pod.Key], end, words))
                .OrderBy(lane => lane.Service, StringComparer.Ordinal),
        ];
    }

    private static PodLane One(List<PodChanged> events, IEnumerable<FaultEvent> hits, long end, FaultWordbook words)
    {
        var spans = ImmutableArray.CreateBuilder<(PodPhase, long, long)>();
        var moments = ImmutableArray.CreateBuilder<(string, long, string)>();
        var (phase, since) = ((PodPhase?)null, events[0].At);
        void To(PodPhase? next, long at)
        {
            if (next == phase)
            {
                return;
            }

            if (phase is { } past && at > since)
            {
                spans.Add((past, since, at));
            }

            (phase, since) = (next, at);
        }

        foreach (var item in events)
        {
            To(Next(phase, item.Change), item.At);
            if (item.Change == PodChange.Restarted)
            {
                moments.Add(("restarted", item.At, $"restarted, {item.Restarts} so far"));
            }
            else if (item.Change == PodChange.ContainerTerminated)
            {
                moments.Add(("ended", item.At, $"container ended: {item.Reason}, exit code {item.ExitCode}"));
            }
        }

        To(null, Math.Max(end, since));
        moments.AddRange(hits.SelectMany(item => words.Of(item.Kind).Marks(item).Select(mark => (mark.Sign, item.At, mark.Text))));
        return new PodLane(events[0].Service ?? "", events[0].Pod!, spans.ToImmutable(), moments.ToImmutable());
    }

    private static PodPhase? Next(PodPhase? now, PodChange? change) => (change, now) switch
    {
        (PodChange.Deleted, _) => null,
        (PodChange.Added, null) => PodPhase.Pending,
        (PodChange.Terminating, _) or (_, PodPhase.Terminating) => PodPhase.Terminating,
        (PodChange.ContainerStarted or PodChange.Restarted, PodPhase.Ready) => PodPhase.Ready,
        (PodChange.ContainerStarted or PodChange.Restarted, _) => PodPhase.Starting,
        (PodChange.Ready, _) => PodPhase.Ready,
        (PodChange.ContainerTerminated, _) => PodPhase.Down,
        (PodChange.NotReady, PodPhase.Ready or null) => PodPhase.Unready,
        _ => now,
    };
}

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
    string Service, string Pod, ImmutableArray<(PodPhase Phase, long From, long To)> Spans, ImmutableArray<(string Kind, long At, string Text)> Moments)
{
    /// <summary>The pod's own part of its name.</summary>
    public string Short => Pod[(Pod.LastIndexOf('-') + 1)..];

    /// <summary>Lanes in the order of services, then of pods' first events.</summary>
    public static ImmutableArray<PodLane> Of(IReadOnlyCollection<TimelineEvent> timeline, long end, FaultWordbook words)
    {
        var hit = timeline.OfType<FaultEvent>().ToLookup(Key, StringComparer.Ordinal);
        return
        [
            .. timeline.Where(item => item.Name == "pod" && item["pod"] is not null)
                .GroupBy(Key, StringComparer.Ordinal)
                .Select(pod => One([.. pod], hit[pod.Key], end, words))
                .OrderBy(lane => lane.Service, StringComparer.Ordinal),
        ];
    }

    private static string Key(TimelineEvent item) => item["uid"] ?? item["pod"] ?? "";

    private static PodLane One(List<TimelineEvent> events, IEnumerable<FaultEvent> hits, long end, FaultWordbook words)
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
            To(Next(phase, item["change"]), item.At);
            if (item["change"] is "restarted")
            {
                moments.Add(("restarted", item.At, $"restarted, {item["restarts"]} so far"));
            }
            else if (item["change"] is "container_terminated")
            {
                moments.Add(("ended", item.At, $"container ended: {item["reason"]}, exit code {item["exitCode"]}"));
            }
        }

        To(null, Math.Max(end, since));
        moments.AddRange(hits.SelectMany(item => words.Of(item.Kind).Marks(item).Select(mark => (mark.Sign, item.At, mark.Text))));
        return new PodLane(events[0]["service"] ?? "", events[0]["pod"]!, spans.ToImmutable(), moments.ToImmutable());
    }

    private static PodPhase? Next(PodPhase? now, string? change) => (change, now) switch
    {
        ("deleted", _) => null,
        ("added", null) => PodPhase.Pending,
        ("terminating", _) or (_, PodPhase.Terminating) => PodPhase.Terminating,
        ("container_started" or "restarted", PodPhase.Ready) => PodPhase.Ready,
        ("container_started" or "restarted", _) => PodPhase.Starting,
        ("ready", _) => PodPhase.Ready,
        ("container_terminated", _) => PodPhase.Down,
        ("not_ready", PodPhase.Ready or null) => PodPhase.Unready,
        _ => now,
    };
}

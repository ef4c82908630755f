using System.Collections.Concurrent;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Heal;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Faults;

/// <summary>Where faults happen, and where that is written; and what the faults of one scenario have to know of each other.</summary>
/// <param name="Session">The cluster.</param>
/// <param name="Watch">The graph's watch, for targets and proofs.</param>
/// <param name="Log">The runner's log.</param>
/// <param name="Timeline">The timeline.</param>
/// <param name="Options">Limits.</param>
internal sealed record FaultScene(ClusterSession Session, GraphWatch Watch, TestLog Log, TimelineWriter Timeline, FaultOptions Options)
{
    private readonly ConcurrentDictionary<string, object> _hit = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _replacements = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FaultTarget, int> _underWay = new();

    /// <summary>Which faults are to end before their time.</summary>
    public EarlyEnds EarlyEnds { get; } = new();

    /// <summary>Whether a pod runs and no fault on it is under way.</summary>
    public bool Runs(GraphPod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var down = pod.MainStatus is { State: { } state } && state.Running is null;
        return !down && !_underWay.Keys.OfType<PodTarget>().Any(target => target.Pod.Uid == pod.Uid);
    }

    /// <summary>A fault on targets is under way until what this returns is disposed of.</summary>
    public IDisposable Begin(IReadOnlyList<FaultTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        foreach (var target in targets)
        {
            _underWay.TryAdd(target, 0);
        }

        return new End(() =>
        {
            foreach (var target in targets)
            {
                _underWay.TryRemove(target, out _);
            }
        });
    }

    /// <summary>Notes that a fault hits a container. What it returns says whether no later one did.</summary>
    public Func<bool> Own(PodTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var (key, mine) = ($"{target.Pod.Uid}/{target.Container}", new object());
        _hit[key] = mine;
        return () => ReferenceEquals(_hit[key], mine);
    }

    /// <summary>Takes a pod as the one that came in the place of another; false where it came in the place of a third.</summary>
    /// <param name="newUid">The pod that came.</param>
    /// <param name="oldUid">The pod in whose place.</param>
    public bool Replaces(string newUid, string oldUid) => _replacements.GetOrAdd(newUid, oldUid) == oldUid;

    private sealed class End(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

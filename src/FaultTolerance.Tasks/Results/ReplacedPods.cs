using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results;

/// <summary>
/// The pods that the graph's own operator replaced after a fault had changed the graph. Where its workers carry one hash
/// of all their specs, a change of one replaces those of the other services too: old and new ones are never mixed.
/// </summary>
internal sealed class ReplacedPods
{
    private readonly ILookup<string?, PodChanged> _added;
    private readonly long _changed;

    /// <summary>Reads a timeline.</summary>
    public ReplacedPods(Timeline timeline)
    {
        _added = timeline.Of<PodChanged>().Where(pod => pod.Change == PodChange.Added).ToLookup(pod => pod.Service, StringComparer.Ordinal);
        var graphs = timeline.Of<DeploymentCreated>().Select(created => created.Graph).OfType<string>().ToHashSet(StringComparer.Ordinal);
        _changed = timeline.Of<FaultIssued>().Where(fault => fault.Target is { } target && graphs.Contains(target))
            .Select(fault => fault.At).DefaultIfEmpty(long.MaxValue).Min();
    }

    /// <summary>
    /// Whether the service of a pod that goes was given another revision since a fault changed the graph: its old pods go then, and its new
    /// ones where the change is taken back.
    /// </summary>
    public bool Has(PodChanged pod)
    {
        var known = _added[pod.Service].Where(added => added.At <= pod.At && added.Revision is { Length: > 0 }).ToArray();
        return pod.At >= _changed
            && known.Any(added => added.Uid == pod.Uid)
            && known.Any(added => added.At >= _changed)
            && known.Select(added => added.Revision).Distinct(StringComparer.Ordinal).Count() > 1;
    }
}

using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>One fault on one target, and what it works with.</summary>
/// <param name="Id">Number of the fault in its scenario, and of the target in the fault: <c>1.1</c>.</param>
/// <param name="Failure">The failure's name.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Target">What is hit.</param>
/// <param name="Scene">Where.</param>
internal sealed record FaultContext(string Id, string Failure, Fault Fault, IFaultKind Kind, FaultTarget Target, FaultScene Scene)
{
    /// <summary>By when the fault must have ended by itself, should nobody undo it; null for kinds that are not undone.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The cluster.</summary>
    public ClusterSession Session => Scene.Session;

    /// <summary>The graph's watch.</summary>
    public GraphWatch Watch => Scene.Watch;

    /// <summary>The timeline.</summary>
    public TimelineWriter Timeline => Scene.Timeline;

    /// <summary>Limits.</summary>
    public FaultOptions Options => Scene.Options;

    /// <summary>A line of the runner's log.</summary>
    public void Say(string message) => Scene.Log.Info(Log, message);

    /// <summary>Writes one of the timeline's events about faults, with what all events of this fault tell.</summary>
    /// <param name="item">The event; its command, where it has none, is the reference suite's.</param>
    /// <param name="at">When it happened; null for now.</param>
    /// <returns>When it happened.</returns>
    public DateTimeOffset Write<T>(T item, DateTimeOffset? at = null)
        where T : FaultEvent
    {
        ArgumentNullException.ThrowIfNull(item);
        var instant = at ?? Timeline.Clock.Now;
        Timeline.Write(instant, Target.In(item with
        {
            Id = Id,
            Failure = Failure,
            Kind = Fault.Kind,
            Command = item.Command ?? Kind.Words.Command(Fault),
        }));
        return instant;
    }

    /// <summary>The name under which the reference suite's own runner writes its log.</summary>
    public const string Log = "test_fault_scenario";
}

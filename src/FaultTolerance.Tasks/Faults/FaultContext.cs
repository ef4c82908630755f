using System.Text.Json;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Runs;
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

    /// <summary>
    /// Writes one of the timeline's events about faults: <c>fault.issued</c>, <c>fault.landed</c> and so on.
    /// </summary>
    /// <param name="name">The event.</param>
    /// <param name="proof">How it was seen; null for nothing.</param>
    /// <param name="at">When it happened; null for now.</param>
    /// <param name="own">Writes the kind's own keys; null for the command alone.</param>
    /// <param name="more">Writes what this event has besides, at its end.</param>
    /// <returns>When it happened.</returns>
    public DateTimeOffset Write(
        string name, string? proof = null, DateTimeOffset? at = null, Action<Utf8JsonWriter>? own = null, Action<Utf8JsonWriter>? more = null)
    {
        var instant = at ?? Timeline.Clock.Now;
        Timeline.Write(instant, name, json =>
        {
            json.WriteString("id", Id);
            json.WriteString("failure", Failure);
            json.WriteString("kind", Fault.Kind);
            Target.Write(json);
            if (own is null)
            {
                json.WriteString("command", Kind.Words.Command(Fault));
            }

            own?.Invoke(json);
            if (proof is not null)
            {
                json.WriteString("proof", proof);
            }

            more?.Invoke(json);
        });
        return instant;
    }

    /// <summary>The name under which the reference suite's own runner writes its log.</summary>
    public const string Log = "test_fault_scenario";
}

using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Results.Recovery;

/// <summary>What the recovery definitions look at; all instants are UTC ticks of the one clock.</summary>
public sealed record RecoveryInput
{
    private RecoveryFacts? _facts;

    internal const string LoadEnded = "the load ended";
    internal const string ObservationEnded = "the observation ended";

    /// <summary>The fault's first proof; in folders without a timeline, the time the injector logged.</summary>
    public required long Zero { get; init; }

    /// <summary>When the fault was issued; null where no timeline says.</summary>
    public long? Issued { get; init; }

    /// <summary>
    /// From when on things count as after the fault: its command, since clients may feel it before its proof is in. Times stay
    /// relative to <see cref="Zero"/>, so what happens between the two is negative.
    /// </summary>
    public long From => Issued is { } issued && issued < Zero ? issued : Zero;

    /// <summary>Whether requests were sent by a plan, whatever became of those before.</summary>
    public bool IsOpenLoop { get; init; }

    /// <summary>When the load's warm-up was over; what was sent before says nothing about the service.</summary>
    public long MeasuredFrom { get; init; }

    /// <summary>Tokens that each request asked for; null where no timeline says.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>The service that was hit; null where no timeline says, and then every service counts.</summary>
    public string? Service { get; init; }

    /// <summary>Requests by their end.</summary>
    public required RequestSample[] Requests { get; init; }

    /// <summary>What the cluster did, by time.</summary>
    public ImmutableArray<TimelineEvent> Timeline { get; init; } = [];

    /// <summary>Ready texts of the pods' logs.</summary>
    public ImmutableArray<ReadyLine> ReadyLines { get; init; } = [];

    /// <summary>How long the service must stay in its band to be steady.</summary>
    public TimeSpan SteadyFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether any request ended after the fault; without one the clients tell nothing about it.</summary>
    public bool IsFelt => Requests.Length > 0 && Requests[^1].End > From;

    /// <summary>When the load ended: the last request's end.</summary>
    public long LoadEnd => Requests.Length == 0 ? Zero : Math.Max(Zero, Requests[^1].End);

    /// <summary>When the observation of the cluster ended: the load's end, or the last event where that is later.</summary>
    public long ClusterEnd => Timeline.IsEmpty ? LoadEnd : Math.Max(LoadEnd, Timeline[^1].At);

    /// <summary>Until when every client was at work; a closed loop's rate falls after the first has finished.</summary>
    public long AllBusyUntil => Derived.AllBusyUntil;

    /// <summary>The band of the part before the fault; null where that says nothing.</summary>
    internal SteadyBand? Band => Derived.Band;

    /// <summary>The return to steady state.</summary>
    internal Measured Steady => Derived.Steady;

    // A copy made by `with` brings the original's along, whose owner tells that it is not its own.
    private RecoveryFacts Derived => _facts is { } facts && ReferenceEquals(facts.Of, this) ? facts : _facts = new RecoveryFacts(this);

    /// <summary>
    /// Events of the service that was hit after the fault, of one of these kinds. An endpoint's service is the cluster's name for it, not
    /// the graph's: it belongs to the service whose pod it leads to.
    /// </summary>
    public IEnumerable<TimelineEvent> After(string name, params string[] changes) => Timeline.Where(item =>
        item.Happened >= From && item.Name == name
        && (Service is null || item["service"] == Service || (name == "endpoint" && item["pod"] is { } pod && Derived.Pods.Contains(pod)))
        && (changes.Length == 0 || changes.Contains(item["change"] ?? item["ready"], StringComparer.Ordinal)));

    /// <summary>The first event's time after the fault; at least until the observation's end where there is none; unknown without a timeline.</summary>
    public Measured First(IEnumerable<TimelineEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return Timeline.IsEmpty ? Measured.Unknown
            : events.FirstOrDefault() is { } first ? Measured.Of(first.Happened - Zero, Told(first))
            : Measured.AtLeast(ClusterEnd - Zero, ObservationEnded);
    }

    /// <summary>A cluster's event, for <see cref="Measured.Event"/>: <c>pod not_ready NAME</c>.</summary>
    internal static string Told(TimelineEvent item) => item.Name == "endpoint"
        ? $"endpoint {(item["ready"] == "true" ? "ready" : "not ready")} {item["pod"]}".TrimEnd()
        : $"{item.Name} {item["change"]} {item["pod"]}".TrimEnd();
}

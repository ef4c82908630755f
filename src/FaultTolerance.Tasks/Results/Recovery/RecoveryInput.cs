using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// What the recovery definitions look at; all instants are UTC ticks of the one clock, all times count from the fault's order.
/// </summary>
internal sealed record RecoveryInput
{
    private RecoveryFacts? _facts;

    internal const string LoadEnded = "the load ended";
    internal const string NextFault = "the next fault was ordered";
    internal const string ObservationEnded = "the observation ended";

    /// <summary>The fault's order; where no timeline says, its first proof or the time that the injector logged.</summary>
    public required long Zero { get; init; }

    /// <summary>
    /// Until when the service is as it is without a fault: the order, or the first fault's where this is a later one's input. UTC ticks.
    /// </summary>
    public long NormalUntil { get => field == 0 ? Zero : field; init; }

    /// <summary>The next fault's order, where this one is looked at only until then; UTC ticks. Null: to the end.</summary>
    public long? Until { get; init; }

    /// <summary>What ends the clients' observation, in words.</summary>
    internal string ClientsEnd => Until is null ? LoadEnded : NextFault;

    /// <summary>What ends that of the cluster.</summary>
    internal string WatchEnd => Until is null ? ObservationEnded : NextFault;

    /// <summary>Whether <see cref="Zero"/> is the order itself.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>The fault's first proof; null where there is none.</summary>
    public long? Landed { get; init; }

    /// <summary>Whether requests were sent by a plan, whatever became of those before.</summary>
    public bool IsOpenLoop { get; init; }

    /// <summary>When the load's warm-up was over; what was sent before says nothing about the service.</summary>
    public long MeasuredFrom { get; init; }

    /// <summary>Tokens that each request asked for; null where no timeline says.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>The service that was hit; null where no timeline says, and then every service counts.</summary>
    public string? Service { get; init; }

    /// <summary>Requests by their start.</summary>
    public required RequestSample[] Requests { get; init; }

    /// <summary>What the cluster did until the teardown began, by time.</summary>
    public ImmutableArray<TimelineEvent> Timeline { get; init; } = [];

    /// <summary>Ready texts of the pods' logs.</summary>
    public ImmutableArray<ReadyLine> ReadyLines { get; init; } = [];

    /// <summary>Services whose engine writes no ready text.</summary>
    public ImmutableArray<string> Silent { get; init; } = [];

    /// <summary>How long the service must stay in its band to be steady.</summary>
    public TimeSpan SteadyFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether any request ended after the order; without one the clients tell nothing about the fault.</summary>
    public bool IsFelt => LoadEnd > Zero;

    /// <summary>When the last request was sent: what came after that no client tried.</summary>
    public long LastSent => Requests.Length == 0 ? Zero : Math.Max(Zero, Requests[^1].Start);

    /// <summary>When the load ended: the last request's end.</summary>
    public long LoadEnd => Derived.LoadEnd;

    /// <summary>When the observation of the cluster ended: the load's end, or the last event where that is later.</summary>
    public long ClusterEnd => Until ?? (Timeline.IsEmpty ? LoadEnd : Math.Max(LoadEnd, Timeline[^1].At));

    /// <summary>The service as it was before the fault; null where too little tells.</summary>
    internal SteadyBand? Band => Derived.Band;

    /// <summary>Whether a timeline was kept, and nothing in it tells that something was wrong with the service that was hit.</summary>
    internal bool IsUntroubled => !Timeline.IsEmpty && !Derived.IsTroubled;

    /// <summary>What the fault did to requests.</summary>
    internal Harm Harm => Derived.Harm;

    // A copy made by `with` brings the original's along, whose owner tells that it is not its own.
    private RecoveryFacts Derived => _facts is { } facts && ReferenceEquals(facts.Of, this) ? facts : _facts = new RecoveryFacts(this);

    /// <summary>What happened to pods of the service that was hit after the order, of these kinds.</summary>
    internal IEnumerable<PodChanged> PodsAfter(params PodChange[] changes) => Timeline.OfType<PodChanged>().Where(item =>
        item.Happened >= Zero && (Service is null || item.Service == Service) && item.Change is { } change && changes.Contains(change));

    /// <summary>
    /// Endpoints of the service that was hit that became ready, or unready, after the order. An endpoint's service is the cluster's name
    /// for
    /// it, not the graph's: it belongs to the service whose pod it leads to.
    /// </summary>
    internal IEnumerable<EndpointChanged> EndpointsAfter(bool ready) => Timeline.OfType<EndpointChanged>().Where(item =>
        item.Happened >= Zero && item.Ready == ready
        && (Service is null || item.Service == Service || (item.Pod is { } pod && Derived.Pods.Contains(pod))));

    /// <summary>Events that tell of the service that was hit that something is wrong with it.</summary>
    internal IEnumerable<TimelineEvent> Troubles =>
        PodsAfter(PodChange.NotReady, PodChange.ContainerTerminated, PodChange.Restarted, PodChange.Terminating, PodChange.Deleted)
            .Concat<TimelineEvent>(EndpointsAfter(false)).OrderBy(item => item.At);

    /// <summary>
    /// The first event's time from the order; unknown without a timeline. Where there is none: not needed if nothing was wrong with the
    /// service, else at least until the observation's end.
    /// </summary>
    public Measured First(IEnumerable<TimelineEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return Timeline.IsEmpty ? Measured.Unknown
            : events.FirstOrDefault() is { } first ? Measured.Of(first.Happened - Zero, Told(first))
            : IsUntroubled ? Measured.NotNeeded
            : Measured.AtLeast(ClusterEnd - Zero, WatchEnd);
    }

    /// <summary>A cluster's event, for <see cref="Measured.Event"/>: <c>pod not_ready NAME</c>.</summary>
    internal static string Told(TimelineEvent item) => item switch
    {
        EndpointChanged endpoint => $"{item.Name} {(endpoint.Ready == true ? "ready" : "not ready")} {endpoint.Pod}".TrimEnd(),
        PodChanged pod => $"{item.Name} {pod.ChangeText} {pod.Pod}".TrimEnd(),
        _ => item.Name,
    };
}

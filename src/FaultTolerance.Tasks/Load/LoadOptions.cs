using FaultTolerance.Load.Health;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Recovery;

namespace FaultTolerance.Load;

/// <summary>How the generator itself works; what it asks for stands in the <c>LoadSpec</c>.</summary>
internal sealed record LoadOptions
{
    /// <summary>Says when the service is steady again, for <c>LoadSpec.UntilRecovered</c>; null: <see cref="FaultFreeBand"/>.</summary>
    public ISteadyState? SteadyState { get; init; }

    /// <summary>Judge whether the service is steady, whether or not the load lasts until it is.</summary>
    public bool WatchSteady { get; init; }

    /// <summary>
    /// Says after the plan, which ended at the instant that it is given, whether the load is to last longer; null: <c>UntilRecovered</c>
    /// does.
    /// </summary>
    public Func<DateTimeOffset, bool>? GoesOn { get; init; }

    /// <summary>
    /// A load that can be told so goes on after its plan until this is cancelled: then it sends nothing more, and what is under way is
    /// waited for.
    /// </summary>
    public CancellationToken Enough { get; init; }

    /// <summary>
    /// When the last fault is due, after the first request; a load that lasts <c>UntilRecovered</c> waits for it. Null: none is planned.
    /// </summary>
    public TimeSpan? LastFaultDue { get; init; }

    /// <summary>Headers of the service that is asked: what it repeats of them is masked before anything is written.</summary>
    public RequestHeaders Headers { get; init; } = RequestHeaders.None;

    /// <summary>The clients that this process stands for, where the load has several processes; null: all.</summary>
    public ClientShare? Share { get; init; }

    /// <summary>Names the instant at which a prepared load starts, where others start with it; null: as soon as it is prepared.</summary>
    public StartGate? Gate { get; init; }

    /// <summary>Each client starts at a point of its own period; false, for comparison: all start at once.</summary>
    internal bool Spread { get; init; } = true;

    /// <summary>Beyond these the generator's figures are not to be trusted.</summary>
    public HealthLimits Limits { get; init; } = new();

    /// <summary>Measure the machine's floor (200 ms) before the first request.</summary>
    public bool MeasureFloor { get; init; } = true;

    /// <summary>
    /// Open each client's connection before the first request, so that the first latencies are not those of twenty tunnels opened
    /// at once. What fails here is not recorded: the request that needs the connection opens it then.
    /// </summary>
    public bool Preconnect { get; init; } = true;

    /// <summary>Longest time that <see cref="Preconnect"/> may take.</summary>
    public TimeSpan PreconnectLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest body taken, bytes, in one piece or streamed; a longer one counts as malformed. Null: 1 MiB and 4 KiB for each token that
    /// is asked for, since a stream that never ends must not fill the memory.
    /// </summary>
    public int? MaxBodyBytes { get; init; }

    /// <summary>
    /// How the load begins work beside what it is doing: on the pool. A simulation, which has one thread and its own time, does it at once.
    /// </summary>
    internal Func<Func<Task>, Task> Background { get; init; } = static work => Task.Run(work);
}

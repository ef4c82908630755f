using FaultTolerance.Artefacts;
using FaultTolerance.Load.Health;
using FaultTolerance.Load.Recovery;

namespace FaultTolerance.Load;

/// <summary>A load that runs in the background while faults are injected.</summary>
internal interface ILoadRun : IAsyncDisposable
{
    /// <summary>Completes when the first request is sent, with its instant on the run's clock.</summary>
    Task<DateTimeOffset> FirstRequest { get; }

    /// <summary>Completes when every planned request is accounted for and the client logs are closed.</summary>
    Task<LoadTotals> Completion { get; }

    /// <summary>Counts up to now.</summary>
    LoadProgress Progress { get; }

    /// <summary>Judges whether the service is steady; null where <c>LoadOptions.WatchSteady</c> did not ask for it.</summary>
    ISteadyState? Steady => null;

    /// <summary>
    /// Stops sending, lets nothing more start, and records each request that was not sent with <paramref name="reason"/>.
    /// </summary>
    Task<LoadTotals> StopAsync(string reason);
}

/// <summary>A load's books: planned = sent + not sent, sent = succeeded + failed + apart.</summary>
/// <param name="Planned">Requests planned.</param>
/// <param name="Sent">Requests with at least one attempt.</param>
/// <param name="NotSent">Requests with none, each recorded with its reason.</param>
/// <param name="Succeeded">Requests whose last attempt was <see cref="Outcome.Ok"/>.</param>
/// <param name="Failed">Those whose last attempt failed, on the service.</param>
/// <param name="Attempts">Attempts by outcome.</param>
internal sealed record LoadTotals(
    long Planned, long Sent, long NotSent, long Succeeded, long Failed, IReadOnlyDictionary<Outcome, long> Attempts)
{
    /// <summary>Those of <see cref="NotSent"/> that the bound on outstanding requests shed.</summary>
    public long Shed { get; init; }

    /// <summary>Sent requests that say nothing of the service (<see cref="OutcomeKinds.TellsOfService"/>).</summary>
    public long Apart { get; init; }

    /// <summary>Whether the generator itself can be trusted.</summary>
    public GeneratorHealth? Health { get; init; }
}

/// <summary>A glance at a running load.</summary>
/// <param name="Planned">Requests planned.</param>
/// <param name="Succeeded">Requests succeeded so far.</param>
/// <param name="Failed">Requests failed so far.</param>
/// <param name="InFlight">Requests under way.</param>
internal readonly record struct LoadProgress(long Planned, long Succeeded, long Failed, int InFlight)
{
    /// <summary>Requests that ended and say nothing of the service.</summary>
    public long Apart { get; init; }
}

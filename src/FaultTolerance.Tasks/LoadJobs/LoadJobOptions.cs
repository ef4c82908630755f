using FaultTolerance.Graphs;
using FaultTolerance.Load;
using FaultTolerance.Load.Probes;
using FaultTolerance.Scenarios;

namespace FaultTolerance.LoadJobs;

/// <summary>What a load from the cluster needs to know.</summary>
internal sealed record LoadJobOptions
{
    /// <summary>The row that it belongs to.</summary>
    public required GraphOwner Owner { get; init; }

    /// <summary>The load.</summary>
    public required LoadSpec Load { get; init; }

    /// <summary>The model's name in the requests.</summary>
    public required string Model { get; init; }

    /// <summary>Gives the frontends that are ready, by the addresses of their pods.</summary>
    public required Func<IReadOnlyList<FrontendEndpoint>> Frontends { get; init; }

    /// <summary>Judge whether the service is steady, whether or not the load lasts until it is.</summary>
    public bool WatchSteady { get; init; }

    /// <summary>When the last fault is due, after the first request; null: none is planned.</summary>
    public TimeSpan? LastFaultDue { get; init; }

    /// <summary>Whether something is judged of all clients together while they run.</summary>
    public bool IsWatched => WatchSteady || Load.UntilRecovered is not null || Load.StopWhen is not null;

    /// <summary>
    /// A client of this process that starts with the pods and ends with them; the load's from the start on. Null: there is none.
    /// </summary>
    public Probe? Probe { get; init; }

    /// <summary>When the cluster ends the Job in any case.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>How long the pods may take to be there and prepared.</summary>
    public TimeSpan ReadyLimit { get; init; } = TimeSpan.FromMinutes(3);
}

using FaultTolerance.Graphs;
using FaultTolerance.Load;
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

    /// <summary>When the cluster ends the Job in any case.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>How long the pods may take to be there and prepared.</summary>
    public TimeSpan ReadyLimit { get; init; } = TimeSpan.FromMinutes(3);
}

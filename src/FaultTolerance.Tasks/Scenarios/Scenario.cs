using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FaultTolerance.Scenarios;

/// <summary>A deployment, a failure, and the load under which it happens.</summary>
/// <param name="Deployment">What is deployed.</param>
/// <param name="Failure">What is broken.</param>
/// <param name="Load">What the clients do.</param>
/// <param name="Profile">The profile that the three were made with, <c>quick</c> or <c>published</c>.</param>
internal sealed record Scenario(Deployment Deployment, Failure Failure, LoadSpec Load, string Profile)
{
    // Far apart, so that neighbouring seeds of a run and its trials do not meet.
    private const int SeedsApart = 10_007;

    /// <summary>
    /// The reference suite's name, <c>agg-tp-1-dp-1-decode_worker</c>; of a later trial <c>agg-tp-1-dp-1-decode_worker.2</c>.
    /// </summary>
    public string Name => TrialName.Of(RowName, Trial);

    /// <summary>The name that all trials share: the row's own, else <c>{deployment}-{failure}</c>.</summary>
    public string RowName => OwnName ?? $"{Deployment.Name}-{Failure.Name}";

    /// <summary>The row's own name, which its entry of the matrix gives; null for none.</summary>
    public string? OwnName { get; init; }

    /// <summary>Which step of its load's sweep it is, <c>rate-2</c>; null where there is none.</summary>
    public string? Step { get; init; }

    /// <summary>Which trial of its row it is, from 1.</summary>
    [JsonInclude]
    public int Trial { get; private init; } = 1;

    /// <summary>
    /// Name of the graph in the cluster. One name a scenario, so that several can run side by side in one namespace; short,
    /// because operators append service names and hashes and a label holds 63 characters.
    /// </summary>
    public required string GraphName { get; init; }

    /// <summary>What its result is judged by; empty: it is measured and not judged.</summary>
    public ImmutableArray<CheckSpec> Checks { get; init; } = [];

    /// <summary>The same row tried again: under another name, in a graph of its own, with other random numbers.</summary>
    /// <param name="trial">From 1, which is the row itself.</param>
    public Scenario AsTrial(int trial) => trial == Trial ? this : this with
    {
        Trial = trial,
        GraphName = GraphNames.For(Step is null ? Deployment.Name : $"{Deployment.Name}-{Step}", TrialName.Of(Failure.Name, trial)),
        Load = Load with { Seed = unchecked(Load.Seed + ((trial - Trial) * SeedsApart)) },
    };
}

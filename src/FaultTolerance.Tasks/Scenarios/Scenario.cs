using System.Collections.Immutable;

namespace FaultTolerance.Scenarios;

/// <summary>A deployment, a failure, and the load under which it happens.</summary>
/// <param name="Deployment">What is deployed.</param>
/// <param name="Failure">What is broken.</param>
/// <param name="Load">What the clients do.</param>
/// <param name="Profile">The profile that the three were made with, <c>quick</c> or <c>published</c>.</param>
public sealed record Scenario(Deployment Deployment, Failure Failure, LoadSpec Load, string Profile)
{
    /// <summary>The reference suite's name, <c>agg-tp-1-dp-1-decode_worker</c>.</summary>
    public string Name => $"{Deployment.Name}-{Failure.Name}";

    /// <summary>
    /// Name of the graph in the cluster. One name a scenario, so that several can run side by side in one namespace; short,
    /// because operators append service names and hashes and a label holds 63 characters.
    /// </summary>
    public required string GraphName { get; init; }

    /// <summary>What its result is judged by; empty: it is measured and not judged.</summary>
    public ImmutableArray<CheckSpec> Checks { get; init; } = [];
}

using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Partition;

/// <summary>A service that does not reach another.</summary>
internal sealed record PartitionFault : Fault, ILastingFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "partition";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>The role or the name of the service that does not reach the target.</summary>
    public required string From { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }

    /// <summary>The target's port at which connections are tried; null for that of its metrics.</summary>
    public int? Port { get; init; }
}

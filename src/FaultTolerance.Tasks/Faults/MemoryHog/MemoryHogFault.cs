using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.MemoryHog;

/// <summary>Memory that is taken in a container.</summary>
internal sealed record MemoryHogFault : Fault, ILastingFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "memoryHog";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>How much, MiB at least.</summary>
    public required int Megabytes { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }

    /// <summary>The container that is meant; null for the one that does the service's work.</summary>
    public string? Container { get; init; }
}

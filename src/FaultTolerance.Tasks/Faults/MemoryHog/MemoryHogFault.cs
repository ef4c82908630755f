using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.MemoryHog;

/// <summary>Memory that is taken in a container.</summary>
internal sealed record MemoryHogFault : Fault, ILastingFault, IContainerFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "memoryHog";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>How much, MiB at least.</summary>
    public required int Megabytes { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }

    /// <inheritdoc/>
    public string? Container { get; init; }
}

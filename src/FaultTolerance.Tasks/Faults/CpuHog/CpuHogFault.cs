using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.CpuHog;

/// <summary>Loops that take processor time.</summary>
internal sealed record CpuHogFault : Fault, ILastingFault, IContainerFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "cpuHog";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>How many loops; each takes one processor.</summary>
    public int Loops { get; init; } = 1;

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }

    /// <inheritdoc/>
    public string? Container { get; init; }
}

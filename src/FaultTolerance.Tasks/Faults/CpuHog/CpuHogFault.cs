using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.CpuHog;

/// <summary>Loops that take processor time.</summary>
internal sealed record CpuHogFault : Fault, ILastingFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "cpuHog";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>How many loops; each takes one processor.</summary>
    public int Loops { get; init; } = 1;

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }

    /// <summary>The container that is meant; null for the one that does the service's work.</summary>
    public string? Container { get; init; }
}

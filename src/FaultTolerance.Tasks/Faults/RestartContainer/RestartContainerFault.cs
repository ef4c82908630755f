using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.RestartContainer;

/// <summary>A container that is ended and started anew in its pod.</summary>
internal sealed record RestartContainerFault : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "restartContainer";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>The container that is meant; null for the one that does the service's work.</summary>
    public string? Container { get; init; }
}

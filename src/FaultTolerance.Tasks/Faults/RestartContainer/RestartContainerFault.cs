using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.RestartContainer;

/// <summary>A container that is ended and started anew in its pod.</summary>
internal sealed record RestartContainerFault : Fault, IContainerFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "restartContainer";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public string? Container { get; init; }
}

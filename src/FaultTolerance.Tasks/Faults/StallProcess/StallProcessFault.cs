using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.StallProcess;

/// <summary>Processes that stand still for a while.</summary>
internal sealed record StallProcessFault : Fault, ILastingFault, IContainerFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "stallProcess";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>Substring of the command line of the processes to stall.</summary>
    public required string Process { get; init; }

    /// <summary>Which of them by its place in the list, from 0, as one rank of several; null for all.</summary>
    public int? Index { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }

    /// <inheritdoc/>
    public string? Container { get; init; }
}

using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.CordonNode;

/// <summary>A node that takes no new pods for a while.</summary>
internal sealed record CordonNodeFault : Fault, ILastingFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "cordonNode";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}

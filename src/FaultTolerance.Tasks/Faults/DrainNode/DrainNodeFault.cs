using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.DrainNode;

/// <summary>A node that is emptied of the graph's pods and takes no new ones for a while.</summary>
internal sealed record DrainNodeFault : Fault, ILastingFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "drainNode";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}

using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Scale;

/// <summary>Another number of replicas for a while.</summary>
internal sealed record ScaleFault : Fault, ILastingFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "scale";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>How many replicas.</summary>
    public required int To { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}

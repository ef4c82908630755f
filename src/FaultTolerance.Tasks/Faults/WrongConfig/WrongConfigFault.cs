using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.WrongConfig;

/// <summary>A wrong value of a variable, for a while.</summary>
internal sealed record WrongConfigFault : Fault, ILastingFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "wrongConfig";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>The variable.</summary>
    public required string Variable { get; init; }

    /// <summary>Its value.</summary>
    public required string Value { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}

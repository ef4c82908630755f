using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Heal;

/// <summary>No fault but a step: faults that last are undone before their time.</summary>
internal sealed record HealStep : Fault, IStepFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "heal";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public int? Step { get; init; }
}

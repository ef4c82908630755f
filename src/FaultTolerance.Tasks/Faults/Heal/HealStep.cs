using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Heal;

/// <summary>No fault but a step: faults that last are undone before their time.</summary>
internal sealed record HealStep : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "heal";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>The number of the step whose fault is undone, from 1; null for all before it.</summary>
    public int? Step { get; init; }
}

using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.RollingUpgrade;

/// <summary>A rolling upgrade of a service: another image, or another value of a variable.</summary>
internal sealed record RollingUpgradeFault : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "rollingUpgrade";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>The new image; null for the one that it has.</summary>
    public string? Image { get; init; }

    /// <summary>A variable that the new version has; null for none.</summary>
    public string? Variable { get; init; }

    /// <summary>The variable's value.</summary>
    public string? Value { get; init; }
}

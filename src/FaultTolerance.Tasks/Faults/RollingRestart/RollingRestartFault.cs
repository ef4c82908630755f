using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.RollingRestart;

/// <summary>A rolling restart of a service.</summary>
internal sealed record RollingRestartFault : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "rollingRestart";

    /// <inheritdoc/>
    public override string Kind => Word;
}

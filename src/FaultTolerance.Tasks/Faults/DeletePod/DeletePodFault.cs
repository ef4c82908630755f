using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.DeletePod;

/// <summary>The deletion of pods.</summary>
internal sealed record DeletePodFault : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "deletePod";

    /// <inheritdoc/>
    public override string Kind => Word;
}

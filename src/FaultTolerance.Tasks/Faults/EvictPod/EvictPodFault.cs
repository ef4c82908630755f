using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.EvictPod;

/// <summary>The eviction of pods, which disruption budgets may refuse.</summary>
internal sealed record EvictPodFault : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "evictPod";

    /// <inheritdoc/>
    public override string Kind => Word;
}

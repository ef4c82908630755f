using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.DeleteGracefully;

/// <summary>The deletion of pods that are given time to finish.</summary>
internal sealed record DeleteGracefullyFault : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "deleteGracefully";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>Seconds that the pod gets; null for its own grace period.</summary>
    public int? Grace { get; init; }
}

using FaultTolerance.Faults.Network;

namespace FaultTolerance.Faults.Latency;

/// <summary>Answers that come later.</summary>
internal sealed record LatencyFault : ConnectionFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "latency";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>Milliseconds that are added to each answer.</summary>
    public double Milliseconds { get; init; } = 100;
}

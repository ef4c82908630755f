using FaultTolerance.Faults.Network;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Latency;

/// <summary>Answers that come later.</summary>
internal sealed record LatencyFault : Fault, INetworkFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "latency";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>Milliseconds that are added to each answer.</summary>
    public double Milliseconds { get; init; } = 100;

    /// <inheritdoc/>
    public string? From { get; init; }

    /// <inheritdoc/>
    public int? Port { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}

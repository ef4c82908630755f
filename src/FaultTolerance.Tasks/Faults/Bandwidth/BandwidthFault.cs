using FaultTolerance.Faults.Network;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Bandwidth;

/// <summary>Answers that come slowly.</summary>
internal sealed record BandwidthFault : Fault, INetworkFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "bandwidth";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>Most kilobytes of answers in a second.</summary>
    public double KilobytesPerSecond { get; init; } = 10;

    /// <inheritdoc/>
    public string? From { get; init; }

    /// <inheritdoc/>
    public int? Port { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}

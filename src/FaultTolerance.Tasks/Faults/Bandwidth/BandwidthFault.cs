using FaultTolerance.Faults.Network;

namespace FaultTolerance.Faults.Bandwidth;

/// <summary>Answers that come slowly.</summary>
internal sealed record BandwidthFault : ConnectionFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "bandwidth";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>Most kilobytes of answers in a second.</summary>
    public double KilobytesPerSecond { get; init; } = 10;
}

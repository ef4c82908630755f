using FaultTolerance.Faults.Network;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Loss;

/// <summary>Packets that are lost.</summary>
internal sealed record LossFault : Fault, INetworkFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "loss";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>Packets that are lost, percent.</summary>
    public double Percent { get; init; } = 10;

    /// <inheritdoc/>
    public string? From { get; init; }

    /// <inheritdoc/>
    public int? Port { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}

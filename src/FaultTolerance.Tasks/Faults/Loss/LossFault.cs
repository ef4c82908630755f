using FaultTolerance.Faults.Network;

namespace FaultTolerance.Faults.Loss;

/// <summary>Packets that are lost.</summary>
internal sealed record LossFault : ConnectionFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "loss";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>Packets that are lost, percent.</summary>
    public double Percent { get; init; } = 10;
}

using FaultTolerance.Faults.Network;

namespace FaultTolerance.Faults.BlackHole;

/// <summary>Connections on which nothing comes back.</summary>
internal sealed record BlackHoleFault : ConnectionFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "blackHole";

    /// <inheritdoc/>
    public override string Kind => Word;
}

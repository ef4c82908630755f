using FaultTolerance.Faults.Network;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.BlackHole;

/// <summary>Connections on which nothing comes back.</summary>
internal sealed record BlackHoleFault : Fault, INetworkFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "blackHole";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public string? From { get; init; }

    /// <inheritdoc/>
    public int? Port { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}

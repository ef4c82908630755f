using FaultTolerance.Faults.Network;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.ResetConnections;

/// <summary>Connections that are reset.</summary>
internal sealed record ResetConnectionsFault : Fault, INetworkFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "reset";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public string? From { get; init; }

    /// <inheritdoc/>
    public int? Port { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}

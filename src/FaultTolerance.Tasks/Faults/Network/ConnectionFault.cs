using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Network;

/// <summary>A fault of the connections to a service's pods, those of one other service or everybody's.</summary>
internal abstract record ConnectionFault : Fault, INetworkFault
{
    /// <inheritdoc/>
    public string? From { get; init; }

    /// <inheritdoc/>
    public int? Port { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}

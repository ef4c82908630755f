using FaultTolerance.Faults.Network;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.DnsFailure;

/// <summary>Names that do not resolve.</summary>
internal sealed record DnsFailureFault : Fault, INetworkFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "dnsFailure";

    /// <summary>What <see cref="Name"/> is when nobody says: every cluster has it.</summary>
    public const string EveryClusters = "kubernetes.default.svc";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>The name that is looked up for the proofs.</summary>
    public string Name { get; init; } = EveryClusters;

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }

    string? INetworkFault.From => null;

    int? INetworkFault.Port => null;
}

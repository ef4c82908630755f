using FaultTolerance.Faults.Lasting;

namespace FaultTolerance.Faults.Network;

/// <summary>A fault of the connections to a service's pods.</summary>
internal interface INetworkFault : ILastingFault
{
    /// <summary>The role or the name of the service whose connections are meant; null for everybody's.</summary>
    string? From { get; }

    /// <summary>The target's port at which connections are tried; null for that of its metrics.</summary>
    int? Port { get; }
}

using System.Net;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>Where a server of this pod listens.</summary>
internal static class BindAddress
{
    /// <summary>
    /// The pod's own address when it is a loopback address: all pods of a local cluster share one network, and each has its ports to
    /// itself only there. Otherwise all addresses, since in a pod's network namespace there is nobody else.
    /// </summary>
    public static IPAddress For(string? podIp) =>
        IPAddress.TryParse(podIp, out var address) && IPAddress.IsLoopback(address) ? address : IPAddress.Any;
}

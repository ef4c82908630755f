using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Proxy;

/// <summary>Where a Service's ports lead; pure.</summary>
internal static class ServiceTargets
{
    /// <summary>The TCP ports that have ready endpoints, each with them.</summary>
    public static IEnumerable<(int Port, IReadOnlyList<IPEndPoint> Targets)> Of(JsonObject service, JsonObject? endpoints)
    {
        foreach (var port in service.Maps("spec", "ports").Where(port => port.Text("protocol") is null or "TCP"))
        {
            IReadOnlyList<IPEndPoint> targets =
            [
                .. from subset in endpoints.Maps("subsets")
                   from target in subset.Maps("ports")
                   where target.Text("name") == port.Text("name")
                   from address in subset.Maps("addresses")
                   select new IPEndPoint(IPAddress.Parse(address.Text("ip")!), (int)(target.Number("port") ?? 0)),
            ];
            if (targets.Count > 0)
            {
                yield return ((int)(port.Number("port") ?? 0), targets);
            }
        }
    }
}

using System.Net;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>The names of Services, as a cluster's name server knows them: <c>web.ns.svc.cluster.local</c>.</summary>
/// <param name="store">Services and their endpoints.</param>
/// <param name="api">Where the API is served, whose name every cluster knows.</param>
internal sealed class ClusterNames(IObjectStore store, IPAddress api)
{
    private const int MostAddresses = 20;
    private const string Zone = "cluster.local";

    /// <summary>What a container's <c>/etc/resolv.conf</c> says.</summary>
    public static string Configuration(string @namespace) =>
        $"nameserver {Server}\nsearch {@namespace}.svc.{Zone} svc.{Zone} {Zone}\noptions ndots:5\n";

    /// <summary>Where the name server listens, in each pod's own network.</summary>
    public static IPAddress Server { get; } = IPAddress.Parse("127.0.0.53");

    /// <summary>The addresses of a name; null where there is no such name.</summary>
    public IReadOnlyList<IPAddress>? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Split('.') is not [var service, var space, "svc", .. var rest] || (rest.Length > 0 && string.Join('.', rest) != Zone))
        {
            return null;
        }

        if (service == "kubernetes" && space == "default")
        {
            return [api];
        }

        var id = new ResourceId(Resources.Services, space, service);
        if (store.Get(id) is not { } found)
        {
            return null;
        }

        return IPAddress.TryParse(found.Text("spec", "clusterIP"), out var ip) ? [ip]
            : [.. store.Get(id with { Type = Resources.Endpoints }).Maps("subsets").SelectMany(subset => subset.Maps("addresses"))
                .Select(address => address.Text("ip")).OfType<string>().Select(IPAddress.Parse).Take(MostAddresses)];
    }
}

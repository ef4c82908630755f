using System.Security.Cryptography;
using System.Text;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Grove;

/// <summary>Names and labels of what Grove makes, as the pods of a Dynamo graph have them.</summary>
internal static class GroveNames
{
    /// <summary>The path of its API.</summary>
    public const string Api = "/apis/grove.io/v1alpha1";

    public const string ApiVersion = "grove.io/v1alpha1";
    public const string Sets = "podcliquesets";
    public const string Groups = "podcliquescalinggroups";
    public const string Cliques = "podcliques";

    /// <summary>A category of the stand-in's own definitions: by it the operator tells them from a real Grove's.</summary>
    public const string Category = "faultmatrix-stand-in";

    public const string PartOf = "app.kubernetes.io/part-of";
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string Manager = "grove-operator";
    public const string Clique = "grove.io/podclique";
    public const string PodIndex = "grove.io/podclique-pod-index";
    public const string Gang = "grove.io/podgang";
    public const string SetIndex = "grove.io/podcliqueset-replica-index";
    public const string Group = "grove.io/podcliquescalinggroup";
    public const string GroupIndex = "grove.io/podcliquescalinggroup-replica-index";
    public const string TemplateHash = "grove.io/pod-template-hash";

    /// <summary>The end of the name of a multinode replica's first node, and of the others.</summary>
    public const string Leader = "-ldr";
    public const string Worker = "-wkr";

    private const int MostCombined = 45;
    private const int LeastName = 8;
    private const int HashDigits = 4;

    /// <summary>
    /// The name of a graph's set: the graph's own, cut where set and component together would be longer than Grove takes.
    /// </summary>
    public static string SetOf(string graph, IEnumerable<ServiceSpec> services)
    {
        var budget = services.Select(Taken).DefaultIfEmpty(0).Max();
        var most = Math.Max(MostCombined - budget, LeastName);
        if (graph.Length <= most)
        {
            return graph;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(graph)))[..HashDigits];
        return $"{graph[..(most - HashDigits - 1)].TrimEnd('-')}-{hash}";
    }

    /// <summary>A component as it is written in names.</summary>
    public static string ComponentOf(ServiceSpec service) => service.Name.ToLowerInvariant();

    /// <summary>A clique of its own, or the group of a component of several nodes.</summary>
    public static string OfSet(string set, string name) => $"{set}-0-{name}";

    /// <summary>A clique of a group's replica.</summary>
    public static string OfGroup(string group, int replica, string clique) => $"{group}-{replica}-{clique}";

    private static int Taken(ServiceSpec service)
    {
        var own = ComponentOf(service).Length;
        return service.NodeCount > 1 ? own + own + Leader.Length : own;
    }
}

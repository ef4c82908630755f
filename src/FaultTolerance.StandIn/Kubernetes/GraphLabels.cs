using System.Security.Cryptography;
using System.Text;

namespace FaultTolerance.StandIn.Kubernetes;

/// <summary>Labels by which the parts of a graph are known.</summary>
internal static class GraphLabels
{
    public const string Selector = "nvidia.com/selector";
    public const string Graph = "nvidia.com/dynamo-graph-deployment-name";
    public const string Component = "nvidia.com/dynamo-component";
    public const string ComponentType = "nvidia.com/dynamo-component-type";
    public const string SubComponentType = "nvidia.com/dynamo-sub-component-type";
    public const string DynamoNamespace = "nvidia.com/dynamo-namespace";
    public const string DiscoveryBackend = "nvidia.com/dynamo-discovery-backend";
    public const string DiscoveryEnabled = "nvidia.com/dynamo-discovery-enabled";
    public const string WorkerHash = "nvidia.com/dynamo-worker-hash";
    public const string ComponentClass = "nvidia.com/dynamo-component-class";
    public const string MetricsEnabled = "nvidia.com/metrics-enabled";

    /// <summary>On plain Kubernetes manifests: which graph a pod is of.</summary>
    public const string PlainGraph = "faultmatrix.dev/graph";

    /// <summary>On plain Kubernetes manifests: frontend, decode or prefill.</summary>
    public const string PlainRole = "faultmatrix.dev/role";

    private const int MostValueLength = 63;
    private const int HashDigits = 8;

    /// <summary>
    /// The label's value for a Dynamo namespace: itself, and where it is longer than a label's value may be, its beginning and a hash of
    /// it. Operator and frontend both go by this, so they mean the same pods.
    /// </summary>
    public static string ValueOf(string dynamoNamespace)
    {
        if (dynamoNamespace.Length <= MostValueLength)
        {
            return dynamoNamespace;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dynamoNamespace)));
        return $"{dynamoNamespace[..(MostValueLength - HashDigits - 1)]}-{hash[..HashDigits]}";
    }
}

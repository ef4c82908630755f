using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.Kubernetes;

/// <summary>
/// Where Dynamo's processes find each other by Kubernetes: each worker's card, a DynamoWorkerMetadata, and the slices of endpoints. A
/// cluster that serves only one of the two has no such discovery.
/// </summary>
/// <param name="Namespace">The Kubernetes namespace.</param>
/// <param name="SliceVersion">The version in which slices are served.</param>
internal sealed record WorkerCards(string Namespace, string SliceVersion)
{
    /// <summary>Selects the slices of services that Dynamo made.</summary>
    public const string SliceSelector = $"{GraphLabels.DiscoveryEnabled}=true";

    /// <summary>The API version of cards.</summary>
    public const string ApiVersion = "nvidia.com/v1alpha1";

    private const string Plural = "dynamoworkermetadatas";

    /// <summary>All cards of the namespace.</summary>
    public string Cards => $"/apis/{ApiVersion}/namespaces/{Namespace}/{Plural}";

    /// <summary>All slices of the namespace.</summary>
    public string Slices => $"/apis/discovery.k8s.io/{SliceVersion}/namespaces/{Namespace}/endpointslices";

    /// <summary>Asks the cluster; null where it does not serve both. Throws what the calls throw.</summary>
    public static async Task<WorkerCards?> FindAsync(KubernetesApi api, string kubernetesNamespace, CancellationToken cancellation)
    {
        var cards = await api.TryGetAsync($"/apis/{ApiVersion}", cancellation);
        if ((cards?["resources"] as JsonArray)?.Any(resource => resource?["name"]?.GetValue<string>() == Plural) != true)
        {
            return null;
        }

        var slices = await api.TryGetAsync("/apis/discovery.k8s.io", cancellation);
        return slices?["preferredVersion"]?["version"]?.GetValue<string>() is { } version ? new(kubernetesNamespace, version) : null;
    }
}

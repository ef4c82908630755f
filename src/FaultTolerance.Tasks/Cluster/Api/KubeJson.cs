using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;

namespace FaultTolerance.Cluster.Api;

/// <summary>Objects of the API from their JSON.</summary>
internal static class KubeJson
{
    /// <summary>A typed object, or a <see cref="JsonObject"/> for custom resources.</summary>
    public static T Read<T>(JsonElement element, ResourceType? listed = null)
        where T : class
    {
        if (typeof(T) != typeof(JsonObject))
        {
            return KubernetesJson.Deserialize<T>(element);
        }

        var node = JsonObject.Create(element.Clone())!;
        if (listed is not null)
        {
            // Items of a typed list come without these two.
            node["apiVersion"] ??= listed.ApiVersion;
            node["kind"] ??= listed.Kind;
        }

        return (T)(object)node;
    }
}

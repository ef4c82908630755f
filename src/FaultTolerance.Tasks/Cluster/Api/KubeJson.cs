using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;

namespace FaultTolerance.Cluster.Api;

/// <summary>Objects of the API from their JSON.</summary>
internal static class KubeJson
{
    /// <summary>An object as it is looked for: of its type, and with a name.</summary>
    /// <exception cref="JsonException">It is something else, whatever the server calls it.</exception>
    public static T Named<T>(JsonElement element, ResourceType? listed = null)
        where T : class
    {
        if (
            element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("metadata", out var metadata)
            || metadata.ValueKind != JsonValueKind.Object
            || !metadata.TryGetProperty("name", out var name)
            || name.ValueKind != JsonValueKind.String
        )
        {
            throw new JsonException("no object with a name");
        }

        return Read<T>(element, listed);
    }

    /// <summary>A typed object, or a <see cref="JsonObject"/> for custom resources.</summary>
    public static T Read<T>(JsonElement element, ResourceType? listed = null)
        where T : class
    {
        if (typeof(T) != typeof(JsonObject))
        {
            return KubernetesJson.Deserialize<T>(element);
        }

        var node = JsonObject.Create(element.Clone()) ?? throw new JsonException("no object");
        if (listed is not null)
        {
            // Items of a typed list come without these two.
            node["apiVersion"] ??= listed.ApiVersion;
            node["kind"] ??= listed.Kind;
        }

        return (T)(object)node;
    }

    /// <summary>Reads an answer; one that is of another form than the API's is an error of the call.</summary>
    /// <exception cref="ClusterException">FT0309: the answer is something else.</exception>
    public static T Expect<T>(ApiCall call, Uri server, JsonElement answer, Func<JsonElement, T> read)
    {
        try
        {
            return read(answer);
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or FormatException
                        or NotSupportedException
                        or ArgumentException
                        or NullReferenceException
            )
        {
            // The library's reader meets wrong types with exceptions of all these kinds.
            throw new ClusterException(
                "FT0309",
                $"cannot {call}: {server} answers with something else ({ForeignText.Line(answer.GetRawText(), 80)}); is it a Kubernetes API?",
                e
            )
            {
                Status = System.Net.HttpStatusCode.OK,
            };
        }
    }
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Storage;

/// <summary>Short ways to read Kubernetes objects held as JSON.</summary>
internal static class JsonAccess
{
    // System.Text.Json reads no deeper.
    private const int DeepestRead = 64;

    /// <summary>The node at a path of member names, or null where a step is missing or not an object.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            node = node is JsonObject map && map.TryGetPropertyValue(step, out var next) ? next : null;
        }

        return node;
    }

    /// <summary>The text at a path, or null when it is missing or no string.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The whole number at a path, or null when it is missing or no whole number.</summary>
    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        if (node.At(path) is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        return value.TryGetValue<long>(out var whole) ? whole
            : value.TryGetValue<int>(out var small) ? small
            : value.TryGetValue<double>(out var real) && Math.Floor(real) == real ? (long)real
            : null;
    }

    /// <summary>
    /// The node as JSON in UTF-8. It writes itself: the serializer reflects, which machine code does without. Throws
    /// <see cref="JsonException"/> for values that lie too deep in one another to be read again.
    /// </summary>
    public static byte[] ToUtf8Bytes(this JsonNode node)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { MaxDepth = DeepestRead });
        try
        {
            node.WriteTo(writer);
        }
        catch (InvalidOperationException error)
        {
            // All else that a writer refuses, a node cannot ask of it.
            throw new JsonException($"values lie more than {DeepestRead} deep in one another", error);
        }

        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Whether <c>true</c> stands at a path.</summary>
    public static bool IsTrue(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path)?.GetValueKind() == JsonValueKind.True;

    /// <summary>The map at a path, or null.</summary>
    public static JsonObject? Map(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    /// <summary>The list at a path, or null.</summary>
    public static JsonArray? Items(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonArray;

    /// <summary>The maps of the list at a path; nothing when it is missing.</summary>
    public static IEnumerable<JsonObject> Maps(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.Items(path)?.OfType<JsonObject>() ?? [];

    /// <summary>The map under a name, made when it is missing.</summary>
    public static JsonObject Ensure(this JsonObject map, string name)
    {
        if (map[name] is JsonObject present)
        {
            return present;
        }

        var made = new JsonObject();
        map[name] = made;
        return made;
    }

    /// <summary>Sets a member when it is missing or null.</summary>
    public static void Default(this JsonObject map, string name, JsonNode value)
    {
        if (map[name] is null)
        {
            map[name] = value;
        }
    }

    /// <summary>metadata, made when it is missing.</summary>
    public static JsonObject Metadata(this JsonObject value) => value.Ensure("metadata");

    /// <summary>metadata.name, or "".</summary>
    public static string Name(this JsonObject value) => value.Text("metadata", "name") ?? "";

    /// <summary>metadata.namespace, or "".</summary>
    public static string Namespace(this JsonObject value) => value.Text("metadata", "namespace") ?? "";

    /// <summary>metadata.uid, or "".</summary>
    public static string Uid(this JsonObject value) => value.Text("metadata", "uid") ?? "";

    /// <summary>A copy that shares nothing.</summary>
    public static JsonObject Copy(this JsonObject value) => value.DeepClone().AsObject();
}

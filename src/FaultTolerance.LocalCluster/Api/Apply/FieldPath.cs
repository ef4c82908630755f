using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Apply;

/// <summary>
/// Paths to fields. A path is its elements as <c>fieldsV1</c> writes them (<c>f:name</c> a member, <c>k:{"name":"a"}</c> an item by its
/// keys, <c>v:"a"</c> an item by its value), each after a separator that no name holds.
/// </summary>
internal static class FieldPath
{
    private const char Separator = '\u001f';

    /// <summary>The path of a member.</summary>
    public static string Member(string path, string name) => $"{path}{Separator}f:{name}";

    /// <summary>The path of an item by its keys; null where it leaves out one of them that nothing stands for.</summary>
    public static string? Item(string path, FieldSchema.Keyed list, JsonNode? item)
    {
        var keys = new JsonObject();
        foreach (var (name, preset) in list.Keys.OrderBy(key => key.Name, StringComparer.Ordinal))
        {
            if ((item.At(name) ?? preset) is not { } value)
            {
                return null;
            }

            keys[name] = value.DeepClone();
        }

        return $"{path}{Separator}k:{keys.ToJsonString(Plain)}";
    }

    /// <summary>The path of an item by its value.</summary>
    public static string Value(string path, JsonNode? item) => $"{path}{Separator}v:{item?.ToJsonString(Plain) ?? "null"}";

    /// <summary>A path that ends with an element.</summary>
    public static string Of(string path, string element) => $"{path}{Separator}{element}";

    /// <summary>Whether a path leads through another.</summary>
    public static bool IsBelow(string path, string above) =>
        path.Length > above.Length && path.StartsWith(above, StringComparison.Ordinal) && path[above.Length] == Separator;

    /// <summary>Its elements.</summary>
    public static string[] Elements(string path) => path.Split(Separator)[1..];

    /// <summary>The path without its last element.</summary>
    public static string Parent(string path) => path[..path.LastIndexOf(Separator)];

    /// <summary>As messages have it: <c>.spec.containers[name="a"].image</c>.</summary>
    public static string Show(string path) => string.Concat(Elements(path).Select(element => element[0] switch
    {
        'f' => $".{element[2..]}",
        'k' => $"[{string.Join(",", KeysOf(element).Select(key => $"{key.Key}={key.Value?.ToJsonString(Plain)}"))}]",
        _ => $"[={element[2..]}]",
    }));

    private static JsonObject KeysOf(string element) => JsonNode.Parse(element[2..])!.AsObject();

    /// <summary>The place of an item in a list; -1 when it is not there.</summary>
    public static int IndexOf(JsonArray list, string element)
    {
        var wanted = JsonNode.Parse(element[2..]);
        for (var index = 0; index < list.Count; index++)
        {
            if (element[0] == 'v' ? JsonNode.DeepEquals(list[index], wanted) : Matches(list[index], wanted!.AsObject()))
            {
                return index;
            }
        }

        return -1;
    }

    // A key that an item leaves out stands for its default, which is what the path holds.
    private static bool Matches(JsonNode? item, JsonObject keys) =>
        item is JsonObject && keys.All(key => item.At(key.Key) is { } value ? JsonNode.DeepEquals(value, key.Value)
            : key.Key == "protocol");

    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

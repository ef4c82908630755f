using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>Reading objects whose fields may be missing or of another type than expected.</summary>
internal static class JsonRead
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }

    public static string? Text(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static long? Number(this JsonNode? node) => node switch
    {
        // A number made here keeps its own type; one that was parsed converts to any.
        JsonValue value when value.TryGetValue<long>(out var number) => number,
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        _ => null,
    };

    public static JsonObject? Object(this JsonNode? node) => node as JsonObject;

    public static JsonArray? Array(this JsonNode? node) => node as JsonArray;

    /// <summary>
    /// Puts the fields of <paramref name="over"/> over those of <paramref name="onto"/>; objects are merged, all else replaced.
    /// </summary>
    public static void Merge(this JsonObject onto, JsonObject? over)
    {
        foreach (var (name, value) in over ?? [])
        {
            if (value is JsonObject inner && onto[name] is JsonObject known)
            {
                known.Merge(inner);
            }
            else
            {
                onto[name] = value?.DeepClone();
            }
        }
    }
}

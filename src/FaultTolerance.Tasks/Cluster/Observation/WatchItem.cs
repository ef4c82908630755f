using System.Text.Json;

namespace FaultTolerance.Cluster.Observation;

/// <summary>One object of a watch.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
/// <param name="ObjectKey">The object's uid.</param>
/// <param name="Version">Its resource version, from which the next watch goes on.</param>
/// <param name="Object">The object.</param>
/// <param name="ErrorCode">Status code of an ERROR; else 0.</param>
internal readonly record struct WatchItem(string Type, string ObjectKey, string? Version, JsonElement Object, int ErrorCode)
{
    /// <summary>Reads one.</summary>
    public static WatchItem Read(JsonElement line)
    {
        var type = Text(line, "type") ?? "";
        var item = line.GetProperty("object");
        if (type == "ERROR")
        {
            return new WatchItem(type, "", null, item, item.TryGetProperty("code", out var code) ? code.GetInt32() : 0);
        }

        var meta = item.GetProperty("metadata");
        return new WatchItem(type, Key(meta), Text(meta, "resourceVersion"), item, 0);
    }

    /// <summary>An object's uid; its name where a server gives no uid.</summary>
    public static string Key(JsonElement metadata) => Text(metadata, "uid") ?? Text(metadata, "name") ?? "";

    /// <summary>A text property, or null.</summary>
    public static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

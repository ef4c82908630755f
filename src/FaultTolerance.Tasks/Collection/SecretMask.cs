using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace FaultTolerance.Collection;

/// <summary>Takes out of a pod what looks like a secret, before it is written to an artefact.</summary>
internal static class SecretMask
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mask = SecretText.Mask;

    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>
    /// A copy in which secrets are masked wherever they may stand: variables and headers (of probes and hooks) with telling names, commands
    /// and
    /// arguments of all kinds of container, annotations, and any text that looks like a secret. The annotation that repeats the whole
    /// manifest
    /// goes. References to secrets stay: they say nothing.
    /// </summary>
    public static V1Pod Apply(V1Pod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var json = JsonNode.Parse(KubernetesJson.Serialize(pod))!.AsObject();
        (json["metadata"]?["annotations"] as JsonObject)?.Remove(LastApplied);
        Hide(json);
        return KubernetesJson.Deserialize<V1Pod>(json.ToJsonString());
    }

    private static void Hide(JsonObject map)
    {
        var name = Text(map["name"]);
        foreach (var (key, value) in map.ToArray())
        {
            switch (value)
            {
                case JsonObject inner when key == "annotations":
                    HideEntries(inner);
                    break;
                case JsonObject inner:
                    Hide(inner);
                    break;
                case JsonArray list when key is "command" or "args":
                    HideWords(list);
                    break;
                case JsonArray list:
                    HideItems(list);
                    break;
                case JsonValue when Text(value) is { } text && !IsStructural(key):
                    map[key] = key == "value" && name is not null ? SecretText.Value(name, text) : SecretText.Hide(text);
                    break;
                default:
                    break;
            }
        }
    }

    private static void HideItems(JsonArray list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is JsonObject item)
            {
                Hide(item);
            }
            else if (Text(list[i]) is { } text)
            {
                list[i] = SecretText.Hide(text);
            }
        }
    }

    private static void HideEntries(JsonObject entries)
    {
        foreach (var (key, value) in entries.ToArray())
        {
            if (Text(value) is { } text)
            {
                entries[key] = SecretText.Value(key, text);
            }
        }
    }

    private static void HideWords(JsonArray list)
    {
        var words = list.Select(w => Text(w) ?? "").ToList();
        SecretText.HideWords(words);
        for (var i = 0; i < words.Count; i++)
        {
            list[i] = words[i];
        }
    }

    // Stamps, uids and images hold colons and dashes that mean nothing; a reader of the file needs them whole.
    private static bool IsStructural(string key) =>
        key is "name" or "uid" or "image" or "imageID" or "containerID" || key.EndsWith("Time", StringComparison.Ordinal)
        || key.EndsWith("Timestamp", StringComparison.Ordinal) || key.EndsWith("At", StringComparison.Ordinal);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

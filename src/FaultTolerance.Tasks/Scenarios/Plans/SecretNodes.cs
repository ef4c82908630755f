using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios.Plans;

/// <summary>Tells whether a document holds what looks like a secret.</summary>
internal static class SecretNodes
{
    /// <summary>Whether a value of it has a telling name, which stands beside it as <c>name</c>, or looks like one by itself.</summary>
    public static bool IsIn(JsonNode? node) => node switch
    {
        JsonObject map => map.Any(pair => pair.Value is JsonValue
            ? Text(pair.Value) is { } text && IsSecret(pair.Key == "value" && Text(map["name"]) is { } name ? name : "", text)
            : IsIn(pair.Value)),
        JsonArray list => list.Any(IsIn) || HasSecretWord(list),
        _ => Text(node) is { } text && IsSecret("", text),
    };

    /// <summary>Whether a value, under its name, looks like a secret.</summary>
    public static bool IsSecret(string name, string value) => SecretText.Value(name, value) != value;

    private static bool HasSecretWord(JsonArray list)
    {
        var words = list.Select(Text).OfType<string>().ToList();
        var before = words.ToArray();
        SecretText.HideWords(words);
        return !words.SequenceEqual(before, StringComparer.Ordinal);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

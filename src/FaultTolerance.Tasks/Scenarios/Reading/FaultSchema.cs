using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>What the kinds of fault are in scenarios.schema.json: <c>#/definitions/fault</c>.</summary>
internal static class FaultSchema
{
    private static readonly string[] OfPods = ["pods", "select", "evenDown", "maxPods", "maxPercent"];
    private static readonly string[] OfAll = ["when", "after"];

    /// <summary>
    /// Adds the kinds to the definition's common part: <c>kind</c> with its words, their keys after <c>target</c>, and a case for each
    /// kind.
    /// </summary>
    /// <param name="common">The definition; its <c>kind</c>, its own keys and <c>allOf</c> are replaced.</param>
    /// <param name="kinds">The kinds.</param>
    public static JsonObject Of(JsonObject common, ImmutableArray<IFaultSyntax> kinds)
    {
        ArgumentNullException.ThrowIfNull(common);
        var all = common["properties"]!.AsObject();
        var properties = new JsonObject
        {
            ["kind"] = new JsonObject
            {
                ["enum"] = Words(kinds.Select(kind => kind.Kind)),
                ["description"] = $"{string.Join("; ", kinds.Select(kind => $"{kind.Kind} {kind.Summary}"))}.",
            },
            ["target"] = all["target"]!.DeepClone(),
        };
        var keys = kinds.SelectMany(kind => kind.Keys.Select(key => (kind.Kind, Key: key)));
        foreach (var key in keys.GroupBy(pair => pair.Key.Name, StringComparer.Ordinal))
        {
            var fragment = key.First().Key.Schema.DeepClone().AsObject();
            fragment["description"] = $"{string.Join(", ", key.Select(pair => pair.Kind))}: {key.First().Key.Description}";
            properties[key.Key] = fragment;
        }

        foreach (var name in OfPods.Concat(OfAll))
        {
            properties[name] = all[name]!.DeepClone();
        }

        var needsTarget = kinds.All(kind => kind.Aim != FaultAim.Other);
        return new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = Words(needsTarget ? ["kind", "target"] : ["kind"]),
            ["properties"] = properties,
            ["allOf"] = new JsonArray(new JsonObject
            {
                ["oneOf"] = new JsonArray([.. kinds.Select(kind => Case(kind, needsTarget))]),
            }),
        };
    }

    private static JsonObject Case(IFaultSyntax kind, bool needsTarget)
    {
        string[] common = kind.Aim switch { FaultAim.Pods => ["target", .. OfPods], FaultAim.Service => ["target"], _ => [] };
        var properties = new JsonObject { ["kind"] = new JsonObject { ["enum"] = Words([kind.Kind]) } };
        foreach (var name in common.Concat(OfAll).Concat(kind.Keys.Select(key => key.Name)))
        {
            properties[name] = new JsonObject();
        }

        var own = new JsonObject { ["properties"] = properties, ["additionalProperties"] = false };
        string[] target = needsTarget || kind.Aim == FaultAim.Other ? [] : ["target"];
        string[] needed = [.. target, .. kind.Keys.Where(key => key.Required).Select(key => key.Name)];
        if (needed.Length > 0)
        {
            own["required"] = Words(needed);
        }

        return own;
    }

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);
}

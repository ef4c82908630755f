using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>What the kinds of fault are in scenarios.schema.json: <c>#/definitions/fault</c>.</summary>
internal static class FaultSchema
{
    private static readonly string[] OfPods = ["pods", "evenDown", "maxPods", "maxPercent"];

    /// <summary>
    /// Adds the kinds to the definition's common part: <c>kind</c> with its words, their keys after <c>target</c>, and a case for each
    /// kind.
    /// </summary>
    /// <param name="common">The definition; its <c>kind</c>, its own keys and <c>allOf</c> are replaced.</param>
    /// <param name="kinds">The kinds.</param>
    public static JsonObject Of(JsonObject common, ImmutableArray<IFaultSyntax> kinds)
    {
        ArgumentNullException.ThrowIfNull(common);
        string[] shared = ["target", "pods", "evenDown", "maxPods", "maxPercent", "when", "after"];
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

        foreach (var name in shared.Skip(1))
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
                ["oneOf"] = new JsonArray([.. kinds.Select(kind => Case(kind, kinds, needsTarget))]),
            }),
        };
    }

    private static JsonObject Case(IFaultSyntax kind, ImmutableArray<IFaultSyntax> kinds, bool needsTarget)
    {
        var own = new JsonObject { ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["enum"] = Words([kind.Kind]) } } };
        string[] target = needsTarget || kind.Aim == FaultAim.Other ? [] : ["target"];
        string[] needed = [.. target, .. kind.Keys.Where(key => key.Required).Select(key => key.Name)];
        if (needed.Length > 0)
        {
            own["required"] = Words(needed);
        }

        var keys = kinds.SelectMany(other => other.Keys).Select(key => key.Name).Distinct(StringComparer.Ordinal);
        string[] foreign =
        [
            .. keys.Except(kind.Keys.Select(key => key.Name), StringComparer.Ordinal),
            .. kind.Aim switch { FaultAim.Pods => Array.Empty<string>(), FaultAim.Service => OfPods, _ => ["target", .. OfPods] },
        ];
        if (foreign.Length > 0)
        {
            var any = foreign.Select(key => new JsonObject { ["required"] = Words([key]) });
            own["not"] = new JsonObject { ["anyOf"] = new JsonArray([.. any]) };
        }

        return own;
    }

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);
}

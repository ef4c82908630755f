using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>What the checks are in scenarios.schema.json: <c>#/definitions/check</c>.</summary>
internal static class CheckSchema
{
    private static readonly string[] Shared = ["description", "scenarios", "deployments", "failures", "loads", "weight"];

    /// <summary>Adds the checks' keys to the definition's common part.</summary>
    /// <param name="common">The definition; its <c>anyOf</c> and the checks' keys are replaced.</param>
    /// <param name="checks">The checks.</param>
    public static JsonObject Of(JsonObject common, ImmutableArray<ICheckSyntax> checks)
    {
        ArgumentNullException.ThrowIfNull(common);
        var all = common["properties"]!.AsObject();
        var properties = new JsonObject();
        foreach (
            var (key, value) in Shared
                .Select(name => (name, all[name]!.DeepClone()))
                .Concat(checks.Select(check => (check.Key, (JsonNode)check.Schema)))
        )
        {
            properties[key] = value;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["anyOf"] = new JsonArray([.. checks.Select(check => new JsonObject { ["required"] = new JsonArray(check.Key) })]),
            ["properties"] = properties,
        };
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>
/// Checks a custom object against its version's <c>openAPIV3Schema</c>: type, required, enum, bounds, lengths and patterns.
/// Unknown members are kept, and <c>x-kubernetes-validations</c> (CEL) are not evaluated; a definition with such rules is
/// answered with a warning.
/// </summary>
internal static class SchemaValidation
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    /// <summary>Every fault, as <c>path: kind of fault: detail</c>.</summary>
    public static IEnumerable<string> Faults(JsonObject? schema, JsonNode? value, string path)
    {
        if (schema is null)
        {
            return [];
        }

        if (value is null)
        {
            return schema.IsTrue("nullable") || path.Length == 0
                ? []
                : [$"{path}: Invalid value: \"null\": must be of type {schema.Text("type")}: \"null\""];
        }

        if (schema.IsTrue("x-kubernetes-int-or-string"))
        {
            return IsType(value, "integer") || IsType(value, "string") ? [] : [$"{path}: Invalid value: must be of type integer or string"];
        }

        if (schema.Text("type") is { } type && !IsType(value, type))
        {
            return
            [
                $"{Named(path)}: Invalid value: \"{Describe(value)}\": {Named(path)} in body must be of type {type}: \"{Describe(value)}\"",
            ];
        }

        return Own(schema, value, path).Concat(value switch
        {
            JsonObject map => Members(schema, map, path),
            JsonArray list => list.SelectMany((item, index) => Faults(schema.Map("items"), item, $"{path}[{index}]")),
            _ => [],
        });
    }

    private static IEnumerable<string> Members(JsonObject schema, JsonObject map, string path)
    {
        foreach (var required in schema.Items("required") ?? [])
        {
            if (required.Text() is { } name && !map.ContainsKey(name))
            {
                yield return $"{Join(path, name)}: Required value";
            }
        }

        var properties = schema.Map("properties");
        foreach (var (name, member) in map)
        {
            // apiVersion, kind and metadata are the API's own and checked by it.
            if (path.Length == 0 && name is "apiVersion" or "kind" or "metadata")
            {
                continue;
            }

            // null removes a member that is not nullable, as pruning does.
            if (member is null)
            {
                continue;
            }

            var known = properties.Map(name) ?? schema.Map("additionalProperties");
            foreach (var fault in Faults(known, member, Join(path, name)))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> Own(JsonObject schema, JsonNode value, string path)
    {
        if (schema.Items("enum") is { } allowed && !allowed.Any(item => JsonNode.DeepEquals(item, value)))
        {
            yield return $"{path}: Unsupported value: {value.ToJsonString()}: supported values: {string.Join(", ", allowed.Select(item => item?.ToJsonString() ?? "null"))}";
        }

        if (value.GetValueKind() == JsonValueKind.Number)
        {
            var number = Real(value);
            if (Real(schema["minimum"]) is { } least && (number < least || (number == least && schema.IsTrue("exclusiveMinimum"))))
            {
                yield return $"{path}: Invalid value: {value.ToJsonString()}: {path} in body should be greater than or equal to {least}";
            }

            if (Real(schema["maximum"]) is { } most && (number > most || (number == most && schema.IsTrue("exclusiveMaximum"))))
            {
                yield return $"{path}: Invalid value: {value.ToJsonString()}: {path} in body should be less than or equal to {most}";
            }
        }

        var (unit, size, low, high) = value switch
        {
            JsonArray list => ("items", list.Count, schema.Number("minItems"), schema.Number("maxItems")),
            JsonObject map => ("properties", map.Count, schema.Number("minProperties"), schema.Number("maxProperties")),
            _ => ("chars long", value.Text()?.Length ?? 0, schema.Number("minLength"), schema.Number("maxLength")),
        };
        if (size < low)
        {
            yield return $"{path}: Invalid value: {path} in body should have at least {low} {unit}";
        }

        if (size > high)
        {
            yield return $"{path}: Too long: may not be more than {high} {unit}";
        }

        if (
            schema.Text("pattern") is { } pattern
            && value.Text() is { } text
            && !Regex.IsMatch(text, pattern, RegexOptions.ExplicitCapture, PatternTime)
        )
        {
            yield return $"{path}: Invalid value: \"{text}\": {path} in body should match '{pattern}'";
        }
    }

    private static double? Real(JsonNode? node) =>
        node is JsonValue && node.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString()) : null;

    private static bool IsType(JsonNode value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value.GetValueKind() == JsonValueKind.String,
        "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.Number() is not null,
        "number" => value.GetValueKind() == JsonValueKind.Number,
        _ => true,
    };

    private static string Describe(JsonNode value) => value switch
    {
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => value.Number() is null ? "number" : "integer",
        },
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Named(string path) => path.Length == 0 ? "<root>" : path;
}

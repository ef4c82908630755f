using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Protobuf;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>
/// Finds fields of built-in kinds that no such kind has: the query's <c>fieldValidation</c> says whether that is an error.
/// </summary>
internal static class FieldValidation
{
    /// <summary>
    /// Checks an object by <paramref name="mode"/>: Strict throws 400 with every unknown field, Warn (the default) gives the warnings,
    /// Ignore nothing.
    /// </summary>
    public static IReadOnlyList<string> Check(string? mode, Resource resource, JsonObject value)
    {
        if (mode is not (null or "" or "Strict" or "Warn" or "Ignore"))
        {
            throw StoreErrors.BadRequest(
                $"fieldValidation: Unsupported value: \"{mode}\": supported values: \"Ignore\", \"Strict\", \"Warn\""
            );
        }

        if (mode == "Ignore" || resource.Definition is not null || MessageTable.Find(resource.Kind) is not { } fields)
        {
            return [];
        }

        var unknown = Unknown(value, [.. fields, Kind, Version], "").Select(path => $"unknown field \"{path}\"").ToList();
        return mode == "Strict" && unknown.Count > 0
            ? throw StoreErrors.BadRequest(
                $"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: strict decoding error: {string.Join(", ", unknown)}"
            )
            : unknown;
    }

    private static readonly MessageField Kind = new(0, "kind", FieldKind.Text, null, false, false, false, false);
    private static readonly MessageField Version = Kind with { Name = "apiVersion" };

    private static IEnumerable<string> Unknown(JsonObject value, IEnumerable<MessageField> fields, string path)
    {
        var known = Beside(fields).ToLookup(field => field.Name, StringComparer.Ordinal);
        foreach (var (name, node) in value)
        {
            var here = path.Length == 0 ? name : $"{path}.{name}";
            if (known[name].FirstOrDefault() is not { } field)
            {
                yield return here;
                continue;
            }

            if (field.Message is null)
            {
                continue;
            }

            var inner = MessageTable.Find(field.Message)!;
            foreach (var (child, at) in Children(node, field, here))
            {
                foreach (var below in Unknown(child, inner, at))
                {
                    yield return below;
                }
            }
        }
    }

    // The fields as they stand in JSON: those of an inline message beside the others.
    private static IEnumerable<MessageField> Beside(IEnumerable<MessageField> fields) =>
        fields.SelectMany(field => field.IsInline ? Beside(MessageTable.Find(field.Message!)!) : [field]);

    private static IEnumerable<(JsonObject Child, string Path)> Children(JsonNode? node, MessageField field, string path)
    {
        IEnumerable<(JsonNode? Node, string Path)> nodes = node switch
        {
            JsonArray items when field.IsList => items.Select((item, index) => (item, $"{path}[{index}]")),
            JsonObject map when field.IsMap => map.Select(entry => (entry.Value, $"{path}.{entry.Key}")),
            JsonObject when !field.IsList && !field.IsMap => [(node, path)],
            _ => [],
        };
        foreach (var (child, at) in nodes)
        {
            if (child is JsonObject found)
            {
                yield return (found, at);
            }
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaultTolerance.LocalCluster.Api.Protobuf;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>
/// Finds values of a type that their field does not have: a body that no server can decode, refused before any rule is asked. Of custom
/// objects it knows the metadata; the rest is their schema's.
/// </summary>
internal static partial class BodyTypes
{
    private const string QuantityRule = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    /// <summary>Refuses an object, as 400, by the first such value.</summary>
    public static void Demand(Resource resource, JsonObject value)
    {
        if (Fault(resource, value) is { } fault)
        {
            throw StoreErrors.BadRequest(
                $"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: {fault}");
        }
    }

    /// <summary>Refuses what a patch makes of an object, as 422.</summary>
    public static void DemandPatched(Resource resource, JsonObject value)
    {
        if (Fault(resource, value) is { } fault)
        {
            throw StoreErrors.Invalid(resource.QualifiedKind, value.Name(), [$"patch: Invalid value: {fault}"]);
        }
    }

    private static string? Fault(Resource resource, JsonObject value)
    {
        foreach (var name in (string[])["apiVersion", "kind"])
        {
            if (value[name] is { } text && text.Text() is null)
            {
                return Mismatch(text, resource.Kind, name, "string");
            }
        }

        return resource.Definition is null && MessageTable.Find(resource.Kind) is { } fields
            ? Members(value, resource.Kind, fields, "").FirstOrDefault()
            : Messages(value["metadata"], resource.Kind, "ObjectMeta", "metadata").FirstOrDefault();
    }

    private static IEnumerable<string> Messages(JsonNode? node, string owner, string message, string path) => node switch
    {
        null => [],
        JsonObject map => Members(map, message, MessageTable.Find(message)!, path),
        _ => [Mismatch(node, owner, path, message)],
    };

    private static IEnumerable<string> Members(JsonObject map, string message, IEnumerable<MessageField> fields, string path)
    {
        foreach (var field in fields)
        {
            if (field.IsInline)
            {
                foreach (var fault in Members(map, field.Message!, MessageTable.Find(field.Message!)!, path))
                {
                    yield return fault;
                }
            }
            else if (map[field.Name] is { } node)
            {
                foreach (var fault in Values(node, message, field, path.Length == 0 ? field.Name : $"{path}.{field.Name}"))
                {
                    yield return fault;
                }
            }
        }
    }

    private static IEnumerable<string> Values(JsonNode node, string message, MessageField field, string path) => (field, node) switch
    {
        ({ IsList: true }, JsonArray list) => list.SelectMany(item => One(item, message, field, path)),
        ({ IsList: true }, _) => [Mismatch(node, message, path, "[]" + TypeName(field))],
        ({ IsMap: true }, JsonObject map) => map.SelectMany(entry => One(entry.Value, message, field, path)),
        ({ IsMap: true }, _) => [Mismatch(node, message, path, "map[string]" + TypeName(field))],
        _ => One(node, message, field, path),
    };

    private static IEnumerable<string> One(JsonNode? node, string message, MessageField field, string path)
    {
        if (node is null)
        {
            return [];
        }

        if (field.Kind == FieldKind.Message)
        {
            return Messages(node, message, field.Message!, path);
        }

        var text = node.Text();
        var fits = field.Kind switch
        {
            FieldKind.Text or FieldKind.Bytes => text is not null,
            FieldKind.Integer => node.Number() is not null,
            FieldKind.Flag => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            FieldKind.Real => node.GetValueKind() == JsonValueKind.Number,
            FieldKind.Time or FieldKind.MicroTime => text is not null,
            FieldKind.IntOrString => text is not null || node.Number() is not null,
            FieldKind.WrappedText => text is not null || node.GetValueKind() == JsonValueKind.Number,
            FieldKind.WrappedList => node is JsonArray,
            _ => true,
        };
        return !fits ? [Mismatch(node, message, path, TypeName(field))]
            : field.Kind == FieldKind.WrappedText && text is not null && !Quantity().IsMatch(text) ? [QuantityRule]
            : field.Kind is FieldKind.Time or FieldKind.MicroTime && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _)
                ? [$"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\""]
            : field.Kind == FieldKind.Bytes && !Convert.TryFromBase64String(text!, new byte[text!.Length], out _)
                ? ["illegal base64 data at input byte 0"]
            : [];
    }

    private static string Mismatch(JsonNode node, string message, string path, string type) =>
        $"json: cannot unmarshal {Describe(node)} into Go struct field {message}.{path} of type {type}";

    private static string Describe(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        JsonValueKind.String => "string",
        JsonValueKind.Number => node.Number() is null ? $"number {node.ToJsonString()}" : "number",
        _ => "bool",
    };

    private static string TypeName(MessageField field) => field.Kind switch
    {
        FieldKind.Message => field.Message!,
        FieldKind.Integer => "int32",
        FieldKind.Flag => "bool",
        FieldKind.Real => "float64",
        FieldKind.Bytes => "[]uint8",
        FieldKind.Time or FieldKind.MicroTime => "Time",
        FieldKind.IntOrString => "intstr.IntOrString",
        FieldKind.WrappedText => "resource.Quantity",
        _ => "string",
    };

    [GeneratedRegex(@"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quantity();
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>
/// The types of those values of a manifest that this tool reads or changes: a wrong one is told with its place, and before anything is
/// made.
/// </summary>
internal static class ManifestTypes
{
    private static readonly Dictionary<string, Expected> Known = new(StringComparer.Ordinal)
    {
        ["metadata"] = Expected.Map,
        ["spec"] = Expected.Map,
        ["template"] = Expected.Map,
        ["podTemplate"] = Expected.Map,
        ["extraPodSpec"] = Expected.Map,
        ["mainContainer"] = Expected.Map,
        ["labels"] = Expected.Texts,
        ["annotations"] = Expected.Texts,
        ["matchLabels"] = Expected.Texts,
        ["containers"] = Expected.Maps,
        ["initContainers"] = Expected.Maps,
        ["ports"] = Expected.Maps,
        ["env"] = Expected.Maps,
        ["envs"] = Expected.Maps,
        ["components"] = Expected.Maps,
        ["command"] = Expected.Words,
        ["args"] = Expected.Words,
        ["name"] = Expected.Text,
        ["image"] = Expected.Text,
        ["componentType"] = Expected.Text,
        ["subComponentType"] = Expected.Text,
        ["dynamoNamespace"] = Expected.Text,
        ["namespace"] = Expected.Text,
        ["replicas"] = Expected.Number,
        ["containerPort"] = Expected.Number,
    };

    // What stands in these is the graph's own, of whatever form.
    private static readonly HashSet<string> Opaque = new(StringComparer.Ordinal)
    {
        "data",
        "config",
        "stringData",
        "binaryData",
        "resources",
        "rules",
    };

    private enum Expected
    {
        Map,
        Maps,
        Text,
        Texts,
        Words,
        Number,
    }

    /// <summary>What is wrong in a document, FT0222, in the document's order.</summary>
    public static IEnumerable<FaultMatrixException> Faults(Manifest manifest, ManifestDocument document)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(document);
        return Faults(document.Body, document.Kind).Select(text => manifest.Error("FT0222", document.Line, text));
    }

    private static IEnumerable<string> Faults(JsonObject map, string path)
    {
        foreach (var (key, value) in map)
        {
            var at = $"{path}.{ForeignText.Line(key, 60)}";
            if (Opaque.Contains(key) || value is null)
            {
                continue;
            }

            if (Known.TryGetValue(key, out var expected) && !Fits(value, expected))
            {
                yield return $"{at} must be {Words(expected)}, not {Words(value)}";
                continue;
            }

            foreach (var fault in Inner(value, at))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> Inner(JsonNode value, string at) => value switch
    {
        JsonObject inner => Faults(inner, at),
        JsonArray list => list.SelectMany((item, i) => item is JsonObject inner ? Faults(inner, $"{at}[{i}]") : []),
        _ => [],
    };

    private static bool Fits(JsonNode value, Expected expected) => expected switch
    {
        Expected.Map => value is JsonObject,
        Expected.Maps => value is JsonArray list && list.All(item => item is JsonObject),
        Expected.Texts => value is JsonObject map && map.All(entry => IsText(entry.Value)),
        Expected.Words => value is JsonArray words && words.All(IsText),
        Expected.Number => value.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue<long>(out var number) && number >= 0,
        _ => IsText(value),
    };

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;

    private static string Words(Expected expected) => expected switch
    {
        Expected.Map => "a map",
        Expected.Maps => "a list of maps",
        Expected.Texts => "a map of texts",
        Expected.Words => "a list of texts",
        Expected.Number => "a whole number",
        _ => "a text",
    };

    private static string Words(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "a map (or one with other values)",
        JsonValueKind.Array => "a list (or one with other items)",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => $"the number {value.ToJsonString()}",
        _ => value.ToJsonString(),
    };
}

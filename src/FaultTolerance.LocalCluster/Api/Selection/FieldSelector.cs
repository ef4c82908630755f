using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Selection;

/// <summary>A <c>fieldSelector</c>: fields that must equal, or differ from, a text.</summary>
/// <param name="Terms">Path, whether it must equal, and the text.</param>
internal sealed record FieldSelector(IReadOnlyList<(string[] Path, bool Equal, string Value)> Terms)
{
    private static readonly Dictionary<string, string[]> Fields = new(StringComparer.Ordinal)
    {
        ["pods"] =
        [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
            "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        ["events"] =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        ["namespaces"] = ["status.phase"],
        ["nodes"] = ["spec.unschedulable"],
        ["secrets"] = ["type"],
        ["services"] = ["spec.clusterIP", "spec.type"],
        ["replicasets.apps"] = ["status.replicas"],
    };

    /// <summary>Selects everything.</summary>
    public static FieldSelector All { get; } = new([]);

    /// <summary>Reads the query parameter; 400 for a field that this type cannot be selected by.</summary>
    public static FieldSelector Parse(string? text, ResourceType type)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return All;
        }

        var terms = new List<(string[], bool, string)>();
        foreach (var term in Split(text))
        {
            var at = term.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                throw StoreErrors.BadRequest($"invalid selector: '{text}'; can't understand '{term}'");
            }

            var equal = term[at - 1] != '!';
            var field = term[..(equal ? at : at - 1)].Trim();
            var value = Unescape(term[(at + (term.AsSpan(at).StartsWith("==", StringComparison.Ordinal) ? 2 : 1))..].Trim());
            if (field is not ("metadata.name" or "metadata.namespace")
                && !(Fields.TryGetValue(type.ToString(), out var known) && known.Contains(field, StringComparer.Ordinal)))
            {
                throw StoreErrors.BadRequest($"field label not supported: {field}");
            }

            terms.Add((field == "source" ? ["source", "component"] : field.Split('.'), equal, value));
        }

        return new(terms);
    }

    /// <summary>Whether every term holds; a missing field is the empty text.</summary>
    public bool Matches(JsonObject value) => Terms.All(term => (TextOf(value.At(term.Path)) == term.Value) == term.Equal);

    private static string TextOf(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "",
        JsonValueKind.String => node.GetValue<string>(),
        _ => node.ToJsonString(),
    };

    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == ',')
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }

    private static string Unescape(string value)
    {
        var plain = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
            {
                i++;
            }

            plain.Append(value[i]);
        }

        return plain.ToString();
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>Reads YAML as Kubernetes' tools do: every document becomes a JSON value, plain scalars get their type.</summary>
internal static class YamlDocuments
{
    /// <summary>How deep values may lie in one another, in YAML and in JSON.</summary>
    public const int Deepest = 56;

    private const int MostNodes = 500_000;

    /// <summary>
    /// The documents that are not empty, in order. <see cref="YamlException"/> with line and column when it is no YAML, when it is too
    /// deep, and when its aliases make too much of it or hold themselves.
    /// </summary>
    public static IReadOnlyList<JsonNode> Parse(string text)
    {
        CheckDepth(text);
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);
        var left = MostNodes;
        return [.. stream.Documents.Select(document => Convert(document.RootNode, 1, ref left)).OfType<JsonNode>()];
    }

    // Whatever builds a tree does so by recursion, so the depth is looked at before.
    private static void CheckDepth(string text)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        for (var depth = 0; parser.MoveNext();)
        {
            depth += parser.Current is MappingStart or SequenceStart ? 1 : parser.Current is MappingEnd or SequenceEnd ? -1 : 0;
            if (depth > Deepest)
            {
                throw new YamlException(parser.Current!.Start, parser.Current.End, $"values lie more than {Deepest} deep in one another");
            }
        }
    }

    private static JsonNode? Convert(YamlNode node, int depth, ref int left)
    {
        if (depth > Deepest || --left < 0)
        {
            throw new YamlException(node.Start, node.End, depth > Deepest
                ? $"values lie more than {Deepest} deep in one another; does an alias hold itself?"
                : $"its aliases make more than {MostNodes} values of it");
        }

        switch (node)
        {
            case YamlMappingNode map:
                var result = new JsonObject();
                foreach (var (key, value) in map.Children)
                {
                    var name = (key as YamlScalarNode)?.Value ?? throw new YamlException(key.Start, key.End, "a key must be plain text");
                    if (name == "<<" && value is YamlMappingNode merged)
                    {
                        foreach (var (inherited, member) in Convert(merged, depth + 1, ref left)!.AsObject().ToArray())
                        {
                            result.TryAdd(inherited, member?.DeepClone());
                        }
                    }
                    else
                    {
                        result[name] = Convert(value, depth + 1, ref left);
                    }
                }

                return result;
            case YamlSequenceNode list:
                var items = new JsonArray();
                foreach (var child in list.Children)
                {
                    items.Add(Convert(child, depth + 1, ref left));
                }

                return items;
            case YamlScalarNode scalar:
                return Scalar(scalar);
            default:
                throw new YamlException(node.Start, node.End, "unknown kind of node");
        }
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (
            scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)
            || (!scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str")
        )
        {
            return text;
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
            _ => Number(text) ?? text,
        };
    }

    private static JsonNode? Number(string text)
    {
        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+' or '.'))
        {
            return null;
        }

        if (
            text.StartsWith("0x", StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)
        )
        {
            return hex;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            // YAML 1.1, which Kubernetes' tools read, takes a leading zero for octal: file modes are written so.
            var digits = text.AsSpan().TrimStart("+-");
            return digits.Length > 1 && digits[0] == '0' && !digits.ContainsAny('8', '9')
                ? System.Convert.ToInt64(digits.ToString(), 8)
                : whole;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? real : null;
    }
}

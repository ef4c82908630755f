using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>
/// YAML documents as JSON, within limits of size and depth: a file of a few lines can stand for millions of nodes by its aliases, or hold
/// itself by an anchor.
/// </summary>
internal sealed class YamlJson
{
    /// <summary>Largest number of nodes of a file, aliases counted as what they stand for.</summary>
    public const int MostNodes = 100_000;

    /// <summary>Deepest nesting.</summary>
    public const int Deepest = 64;

    private readonly Parser _events;
    private readonly Dictionary<AnchorName, Anchored?> _anchors = [];
    private int _nodes;

    private YamlJson(string text) => _events = new Parser(new StringReader(text));

    /// <summary>The documents with the line that each begins at; empty ones are left out.</summary>
    /// <exception cref="YamlException">Not YAML, or beyond the limits; its start is the place.</exception>
    public static IReadOnlyList<(JsonNode? Root, int Line)> Read(string text)
    {
        var reader = new YamlJson(text);
        var documents = new List<(JsonNode?, int)>();
        reader._events.Consume<StreamStart>();
        while (reader._events.TryConsume<DocumentStart>(out _))
        {
            reader._anchors.Clear();
            var line = (int)reader._events.Current!.Start.Line;
            var empty = reader._events.Current is Scalar { Value: "", IsPlainImplicit: true };
            var root = reader.Node(0);
            reader._events.Consume<DocumentEnd>();
            if (!empty)
            {
                documents.Add((root, line));
            }
        }

        return documents;
    }

    private JsonNode? Node(int depth)
    {
        var current = _events.Current!;
        Count(1, current);
        if (depth > Deepest)
        {
            throw Beyond(current, $"nested deeper than {Deepest}");
        }

        if (_events.TryConsume<AnchorAlias>(out var alias))
        {
            return Alias(alias);
        }

        var anchor = ((NodeEvent)current).Anchor;
        if (anchor.IsEmpty)
        {
            return Value(depth);
        }

        _anchors[anchor] = null;
        var before = _nodes;
        var value = Value(depth);
        _anchors[anchor] = new Anchored(value, _nodes - before + 1);
        return value;
    }

    private JsonNode? Alias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var anchored))
        {
            throw Beyond(alias, $"alias '{ForeignText.Line(alias.Value.Value, 60)}' has no anchor before it");
        }

        if (anchored is null)
        {
            throw Beyond(alias, $"anchor '{ForeignText.Line(alias.Value.Value, 60)}' holds itself");
        }

        Count(anchored.Nodes, alias);
        return anchored.Value?.DeepClone();
    }

    private JsonNode? Value(int depth)
    {
        if (_events.TryConsume<Scalar>(out var scalar))
        {
            return YamlScalar.Read(scalar);
        }

        if (_events.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!_events.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Node(depth + 1));
            }

            return list;
        }

        _events.Consume<MappingStart>();
        var map = new JsonObject();
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            Entry(map, depth);
        }

        return map;
    }

    private void Entry(JsonObject map, int depth)
    {
        var current = _events.Current!;
        if (!_events.TryConsume<Scalar>(out var key))
        {
            throw Beyond(current, "a key is a text");
        }

        if (map.ContainsKey(key.Value))
        {
            throw Beyond(key, $"'{ForeignText.Line(key.Value, 60)}' stands here twice");
        }

        map[key.Value] = Node(depth + 1);
    }

    private void Count(int nodes, ParsingEvent at)
    {
        _nodes += nodes;
        if (_nodes > MostNodes)
        {
            throw Beyond(at, $"more than {MostNodes} nodes, with what its aliases stand for");
        }
    }

    private static YamlException Beyond(ParsingEvent at, string what) => new(at.Start, at.End, what);

    private sealed record Anchored(JsonNode? Value, int Nodes);
}

/// <summary>Scalars by the core schema of YAML 1.2: only plain ones are anything but text.</summary>
internal static class YamlScalar
{
    /// <summary>The value; null for null.</summary>
    public static JsonNode? Read(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str"))
        {
            return text;
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            _ when text.AsSpan().IndexOfAnyInRange('0', '9') >= 0
                    && double.TryParse(
                        text,
                        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                        CultureInfo.InvariantCulture,
                        out var real
                    )
                    && double.IsFinite(real) => real,
            _ => text,
        };
    }
}

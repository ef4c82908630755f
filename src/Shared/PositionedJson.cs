using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaultMatrix.Shared;

/// <summary>A JSON document of which every value's line is known, so that a fault in it can be pointed at.</summary>
internal sealed class PositionedJson
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly byte[] _utf8;
    private int _counted;
    private int _line = 1;

    private PositionedJson(byte[] utf8) => _utf8 = utf8;

    /// <summary>The document; null where it is <c>null</c>.</summary>
    public JsonNode? Root { get; private set; }

    /// <summary>Paths of keys that stand twice in their object; the later one is kept.</summary>
    public List<string> Duplicates { get; } = [];

    /// <summary>The line, from 1, of the key (or the value, in an array) at a path.</summary>
    public int LineOf(string path) => _lines.GetValueOrDefault(path, 1);

    /// <summary>The lines of the keys of the document, which must be an object; of a key that stands twice the later one's.</summary>
    public Dictionary<string, int> LinesOfKeys() =>
        Root!.AsObject().ToDictionary(pair => pair.Key, pair => LineOf(Member("$", pair.Key)), StringComparer.Ordinal);

    /// <summary>Reads a document; comments and trailing commas are allowed. Throws <see cref="JsonException"/>.</summary>
    public static PositionedJson Read(byte[] utf8)
    {
        var skip = utf8.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        var json = new PositionedJson(skip == 0 ? utf8 : utf8[skip..]);
        var reader = new Utf8JsonReader(
            json._utf8,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        reader.Read();
        json.Root = json.Value(ref reader, "$");
        // Anything but comments after the document is an error that only a further read finds.
        reader.Read();
        return json;
    }

    /// <summary>The path of a member: <c>$.loads.quick</c>, or <c>$['odd key']</c>.</summary>
    public static string Member(string path, string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$') ? $"{path}.{key}" : $"{path}['{key}']";

    private JsonNode? Value(ref Utf8JsonReader reader, string path)
    {
        _lines.TryAdd(path, Line(reader.TokenStartIndex));
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var result = new JsonObject();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = reader.GetString()!;
                    var member = Member(path, key);
                    if (result.ContainsKey(key))
                    {
                        Duplicates.Add(member);
                    }

                    _lines[member] = Line(reader.TokenStartIndex);
                    reader.Read();
                    result[key] = Value(ref reader, member);
                }

                return result;
            case JsonTokenType.StartArray:
                var items = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader, $"{path}[{items.Count}]"));
                }

                return items;
            case JsonTokenType.String:
                return JsonValue.Create(reader.GetString());
            case JsonTokenType.Number:
                // A number beyond a double's range is kept as text, which no number key takes.
                return reader.TryGetInt64(out var whole) ? JsonValue.Create(whole)
                    : double.IsFinite(reader.GetDouble()) ? JsonValue.Create(reader.GetDouble())
                    : JsonValue.Create(Encoding.ASCII.GetString(reader.ValueSpan));
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(reader.GetBoolean());
            default:
                return null;
        }
    }

    private int Line(long offset)
    {
        _line += _utf8.AsSpan(_counted, (int)offset - _counted).Count((byte)'\n');
        _counted = (int)offset;
        return _line;
    }
}

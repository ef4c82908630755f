using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>A YAML file with the documents of a graph.</summary>
/// <param name="File">The file.</param>
/// <param name="Documents">Its documents; empty ones are left out.</param>
public sealed record Manifest(string File, ImmutableArray<ManifestDocument> Documents)
{
    /// <summary>Reads a file. FT0210: not there; FT0211: no YAML; FT0212: a document that is no Kubernetes object.</summary>
    public static async Task<Manifest> LoadAsync(string path, CancellationToken cancellation)
    {
        string text;
        try
        {
            text = await System.IO.File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FaultMatrixException("FT0210", $"no manifest at '{path}'", e) { File = path };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultMatrixException("FT0210", $"manifest '{path}' cannot be read: {e.Message}", e) { File = path };
        }

        return Parse(path, text);
    }

    /// <summary>Reads a text; <paramref name="path"/> is for messages.</summary>
    public static Manifest Parse(string path, string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new FaultMatrixException("FT0211", $"{path}:{e.Start.Line}: not valid YAML: {e.Message}", e) { File = path, Line = (int)e.Start.Line };
        }

        var manifest = new Manifest(path, []);
        var documents = yaml.Documents.Where(d => d.RootNode is not YamlScalarNode { Value: null or "" }).Select(manifest.Read).ToImmutableArray();
        return documents.Length > 0 ? manifest with { Documents = documents } : throw manifest.Error("FT0212", 1, "holds no object");
    }

    /// <summary>An error about this file.</summary>
    public FaultMatrixException Error(string code, int line, string message) =>
        new(code, line > 0 ? $"{File}:{line}: {message}" : $"{File}: {message}") { File = File, Line = line };

    private ManifestDocument Read(YamlDocument document)
    {
        var line = (int)document.RootNode.Start.Line;
        return Node(document.RootNode) is JsonObject body
            && body["apiVersion"] is JsonValue version && version.TryGetValue<string>(out var v)
            && body["kind"] is JsonValue kind && kind.TryGetValue<string>(out var k)
            ? new ManifestDocument(v, k, body, line)
            : throw Error("FT0212", line, "not a Kubernetes object: apiVersion and kind are needed");
    }

    private JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => Map(map),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => throw Error("FT0212", (int)node.Start.Line, "unexpected YAML node"),
    };

    private JsonObject Map(YamlMappingNode map)
    {
        var json = new JsonObject();
        foreach (var (key, value) in map.Children)
        {
            json[((YamlScalarNode)key).Value ?? ""] = Node(value);
        }

        return json;
    }

    // The core schema of YAML 1.2: only plain scalars are anything but text.
    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str")
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
                && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var real) => real,
            _ => text,
        };
    }
}

/// <summary>One document.</summary>
/// <param name="ApiVersion">Its <c>apiVersion</c>.</param>
/// <param name="Kind">Its <c>kind</c>.</param>
/// <param name="Body">The document.</param>
/// <param name="Line">The line it begins at.</param>
public sealed record ManifestDocument(string ApiVersion, string Kind, JsonObject Body, int Line);

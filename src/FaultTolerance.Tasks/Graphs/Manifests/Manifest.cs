using System.Collections.Immutable;
using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>A YAML file with the documents of a graph.</summary>
/// <param name="File">The file.</param>
/// <param name="Documents">Its documents; empty ones are left out.</param>
internal sealed record Manifest(string File, ImmutableArray<ManifestDocument> Documents)
{
    private const int LargestFile = 2 * 1024 * 1024;
    private const int LongestReason = 200;

    /// <summary>
    /// Reads a file. FT0208: not there; FT0218: no YAML, or too much of it; FT0219: a document that is no Kubernetes object.
    /// </summary>
    public static Task<Manifest> LoadAsync(string path, CancellationToken cancellation) => Task.Run(() => Load(path), cancellation);

    /// <summary>The same at once: a manifest is a small file of this machine.</summary>
    public static Manifest Load(string path)
    {
        string text;
        try
        {
            text = ReadText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FaultMatrixException("FT0208", $"no manifest at '{path}'", e) { File = path };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultMatrixException("FT0208", $"manifest '{path}' cannot be read: {e.Message}", e) { File = path };
        }

        return Parse(path, text);
    }

    private string Text { get; init; } = "";

    /// <summary>Reads a text; <paramref name="path"/> is for messages.</summary>
    public static Manifest Parse(string path, string text)
    {
        var manifest = new Manifest(path, []) { Text = text };
        try
        {
            var documents = YamlJson.Read(text).Select(d => manifest.Read(d.Root, d.Line)).ToImmutableArray();
            return documents.Length > 0 ? manifest with { Documents = documents } : throw manifest.Error("FT0219", 1, "holds no object");
        }
        catch (YamlException e)
        {
            throw manifest.Error("FT0218", (int)e.Start.Line, $"not valid YAML: {ForeignText.Line(e.Message, LongestReason)}");
        }
    }

    /// <summary>The line on which a value stands, sought from a document's begin; that where it is not found as it is.</summary>
    /// <param name="document">The document.</param>
    /// <param name="value">The value.</param>
    internal int LineOf(ManifestDocument document, string value)
    {
        var lines = Text.Split('\n');
        for (var i = Math.Max(0, document.Line - 1); i < lines.Length; i++)
        {
            if (lines[i].Contains(value, StringComparison.Ordinal))
            {
                return i + 1;
            }
        }

        return document.Line;
    }

    /// <summary>An error about this file.</summary>
    public FaultMatrixException Error(string code, int line, string message) =>
        new(code, line > 0 ? $"{File}:{line}: {message}" : $"{File}: {message}") { File = File, Line = line };

    // A file may be a device, or have no end.
    private static string ReadText(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[LargestFile + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > LargestFile)
        {
            throw new FaultMatrixException("FT0218", $"'{path}' is larger than {LargestFile / (1024 * 1024)} MB: no manifest is")
            {
                File = path,
            };
        }

        using var reader = new StreamReader(new MemoryStream(bytes, 0, length));
        return reader.ReadToEnd();
    }

    private ManifestDocument Read(JsonNode? root, int line) =>
        root is JsonObject body
            && body["apiVersion"] is JsonValue version && version.TryGetValue<string>(out var v)
            && body["kind"] is JsonValue kind && kind.TryGetValue<string>(out var k)
            ? new ManifestDocument(v, k, body, line)
            : throw Error("FT0219", line, "not a Kubernetes object: apiVersion and kind are needed");
}

/// <summary>One document.</summary>
/// <param name="ApiVersion">Its <c>apiVersion</c>.</param>
/// <param name="Kind">Its <c>kind</c>.</param>
/// <param name="Body">The document.</param>
/// <param name="Line">The line it begins at.</param>
internal sealed record ManifestDocument(string ApiVersion, string Kind, JsonObject Body, int Line);

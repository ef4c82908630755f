using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Protobuf;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;
using YamlDotNet.Core;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>Reads request bodies: JSON, or YAML or protobuf where a client says so.</summary>
internal static class RequestBody
{
    /// <summary>Kubernetes' own limit, 3 MiB.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = YamlDocuments.Deepest };

    /// <summary>The media type without parameters, <c>application/json</c> when none is given.</summary>
    public static string MediaType(HttpRequest request) =>
        request.ContentType?.Split(';')[0].Trim() is { Length: > 0 } type ? type : "application/json";

    /// <summary>The body as a JSON value, null when it is empty; 400 when it cannot be read, 415 for other media types.</summary>
    public static async Task<JsonNode?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var type = MediaType(request);
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellation);
        if (buffer.Length == 0)
        {
            return null;
        }

        var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        try
        {
            return type switch
            {
                "application/yaml" or "application/apply-patch+yaml" when bytes.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..] =>
                    YamlDocuments.Parse(Encoding.UTF8.GetString(bytes)) is [var first, ..] ? first : null,
                ProtobufBody.MediaType => ProtobufBody.Read(bytes),
                _ when type.EndsWith("json", StringComparison.Ordinal)
                    || type is "*/*" or "application/yaml" or "application/apply-patch+yaml" =>
                    JsonNode.Parse(bytes, nodeOptions: null, Limits),
                _ => throw StoreErrors.UnsupportedMediaType(
                    $"the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, {ProtobufBody.MediaType} (not {type})"
                ),
            };
        }
        catch (Exception e) when (e is JsonException or YamlException)
        {
            throw StoreErrors.BadRequest($"the object provided is unrecognized: {e.Message}");
        }
    }

    /// <summary>The body as an object; 400 when it is none.</summary>
    public static async Task<JsonObject> ReadObjectAsync(HttpRequest request, CancellationToken cancellation) =>
        await ReadAsync(request, cancellation) as JsonObject ?? throw StoreErrors.BadRequest("the body must be an object");
}

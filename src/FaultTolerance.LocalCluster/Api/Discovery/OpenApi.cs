using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Http;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Discovery;

/// <summary>
/// The OpenAPI documents, without schemas: clients then leave checking objects to the server. kubectl asks for version 2 as protobuf; the
/// one thing that it looks for there before a <c>diff</c> or a dry run on the server is which kinds take a patch with <c>dryRun</c>.
/// </summary>
internal static class OpenApi
{
    private const string Protobuf = "application/com.github.proto-openapi.spec.v2";

    /// <summary>Answers below <c>/openapi/</c>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="catalog">What is served.</param>
    public static async Task AnswerAsync(HttpContext context, ResourceCatalog catalog)
    {
        switch (context.Request.Path.Value)
        {
            case "/openapi/v2" when context.Request.Headers.Accept.ToString().StartsWith(Protobuf, StringComparison.Ordinal):
                var document = Document(catalog.All());
                context.Response.ContentType = Protobuf + ".v1.0+protobuf";
                context.Response.ContentLength = document.Length;
                await context.Response.Body.WriteAsync(document, context.RequestAborted);
                break;
            case "/openapi/v2":
                await context.Response.AnswerAsync(new JsonObject
                {
                    ["swagger"] = "2.0",
                    ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1.32.0" },
                    ["paths"] = new JsonObject(),
                });
                break;
            case "/openapi/v3":
                await context.Response.AnswerAsync(new JsonObject { ["paths"] = new JsonObject() });
                break;
            default:
                throw StoreErrors.UnknownResource();
        }
    }

    /// <summary>
    /// The document in protobuf's form (gnostic's OpenAPIv2.proto): a path for each kind, with the patch that takes <c>dryRun</c>.
    /// </summary>
    internal static byte[] Document(IEnumerable<Resource> resources)
    {
        // Parameter: nonBodyParameter (2) { queryParameterSubSchema (3) { in (2), name (4) } }, in a ParametersItem: parameter (1).
        var dryRun = Field(1, Field(2, Field(3, [.. Field(2, "query"), .. Field(4, "dryRun")])));
        var paths = resources.SelectMany(resource =>
        {
            var place = resource.Type.Group.Length == 0 ? $"/api/{resource.Version}" : $"/apis/{resource.Type.Group}/{resource.Version}";
            var name = $"{place}{(resource.Namespaced ? "/namespaces/{namespace}" : "")}/{resource.Type.Plural}/{{name}}";
            var kind = $"group: \"{resource.Type.Group}\"\nkind: {resource.Kind}\nversion: {resource.Version}\n";
            // NamedAny: name (1), value (2) { yaml (2) }.
            byte[] extension = [.. Field(1, "x-kubernetes-group-version-kind"), .. Field(2, Field(2, kind))];
            // PathItem: patch (8) { parameters (8), vendorExtension (13) }, in a NamedPathItem: name (1), value (2).
            byte[] item = [.. Field(1, name), .. Field(2, Field(8, [.. Field(8, dryRun), .. Field(13, extension)]))];
            return Field(2, item);
        });

        // Document: swagger (1), info (2) { title (1), version (2) }, paths (8).
        return [.. Field(1, "2.0"), .. Field(2, [.. Field(1, "Kubernetes"), .. Field(2, "v1.32.0")]), .. Field(8, [.. paths])];
    }

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    // A field whose bytes come after their length.
    private static byte[] Field(int number, byte[] value) => [.. Number((number << 3) | 2), .. Number(value.Length), .. value];

    private static byte[] Number(int value)
    {
        var bytes = new List<byte>(2);
        for (; value > 0x7f; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}

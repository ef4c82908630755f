using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Http;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Discovery;

/// <summary>
/// The OpenAPI documents, without schemas: clients then leave checking objects to the server. kubectl asks for version 2 as
/// protobuf, of which no bytes at all is the document without members.
/// </summary>
internal static class OpenApi
{
    private const string Protobuf = "application/com.github.proto-openapi.spec.v2";

    /// <summary>Answers below <c>/openapi/</c>.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/openapi/v2" when context.Request.Headers.Accept.ToString().StartsWith(Protobuf, StringComparison.Ordinal):
                context.Response.ContentType = Protobuf + ".v1.0+protobuf";
                context.Response.ContentLength = 0;
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
}

using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Api.Tables;
using FaultTolerance.LocalCluster.Api.Verbs;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>Writes lists and single objects in the shape that a client accepts.</summary>
/// <param name="tables">Renders tables.</param>
internal sealed class ListAnswers(TableRenderer tables)
{
    /// <summary>Answers with a list.</summary>
    public async Task AnswerAsync(HttpContext context, Resource resource, ListPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = page.Version.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue is not null)
        {
            metadata["continue"] = page.Continue;
        }

        if (page.Remaining is { } remaining)
        {
            metadata["remainingItemCount"] = remaining;
        }

        var shape = ShapeNegotiation.Of(context.Request);
        if (shape == Shape.Table)
        {
            var table = tables.Render(resource, page.Rows.Select(MemoryStore.Parse), context.Request.Query.Text("includeObject"));
            table["metadata"] = metadata;
            await context.Response.AnswerAsync(table);
            return;
        }

        if (shape == Shape.Metadata)
        {
            var list = new JsonObject
            {
                ["kind"] = "PartialObjectMetadataList",
                ["apiVersion"] = "meta.k8s.io/v1",
                ["metadata"] = metadata,
                ["items"] = new JsonArray([.. page.Rows.Select(row => PartialMetadata(MemoryStore.Parse(row)))]),
            };
            await context.Response.AnswerAsync(list);
            return;
        }

        await AnswerFullAsync(context.Response, resource, page.Rows, metadata);
    }

    /// <summary>Answers with one object.</summary>
    public Task AnswerAsync(HttpContext context, Resource resource, JsonObject value, int status = 200) =>
        context.Response.AnswerAsync(Shaped(context.Request, resource, value, ShapeNegotiation.Of(context.Request)), status);

    /// <summary>One object in a shape.</summary>
    public JsonObject Shaped(HttpRequest request, Resource resource, JsonObject value, Shape shape)
    {
        if (shape == Shape.Table)
        {
            var table = tables.Render(resource, [value], request.Query.Text("includeObject"));
            table["metadata"] = new JsonObject { ["resourceVersion"] = value.Text("metadata", "resourceVersion") };
            return table;
        }

        return shape == Shape.Metadata ? PartialMetadata(value) : value;
    }

    /// <summary>Only the metadata of an object.</summary>
    public static JsonObject PartialMetadata(JsonObject value) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = value["metadata"]?.DeepClone(),
    };

    private static async Task AnswerFullAsync(HttpResponse response, Resource resource, IReadOnlyList<byte[]> rows, JsonObject metadata)
    {
        response.ContentType = "application/json";
        var body = response.BodyWriter;
        body.Write(
            System.Text.Encoding.UTF8.GetBytes($"{{\"kind\":\"{resource.ListKind}\",\"apiVersion\":\"{resource.ApiVersion}\",\"metadata\":")
        );
        JsonAnswers.Write(body, metadata);
        body.Write(",\"items\":["u8);
        for (var i = 0; i < rows.Count; i++)
        {
            if (i > 0)
            {
                body.Write(","u8);
            }

            JsonAnswers.WriteStored(body, resource, rows[i]);
        }

        body.Write("]}"u8);
        await body.FlushAsync(response.HttpContext.RequestAborted);
    }
}

using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Patching;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>Reads a PATCH: its media type says how the body changes the object.</summary>
internal static class PatchRequest
{
    /// <summary>Whether the request is a server-side apply.</summary>
    public static bool IsApply(HttpRequest request) => RequestBody.MediaType(request) == "application/apply-patch+yaml";

    /// <summary>The change that the request asks for; 415 for kinds of patches that are not served, 400 for a broken one.</summary>
    public static async Task<Func<JsonObject, JsonObject>> ReadAsync(HttpRequest request, Resource resource, CancellationToken cancellation)
    {
        var type = RequestBody.MediaType(request);
        switch (type)
        {
            case "application/json-patch+json":
                var operations = await RequestBody.ReadAsync(request, cancellation) as JsonArray
                    ?? throw StoreErrors.BadRequest("a JSON patch is a list of operations");
                return current => JsonPatch.Apply(current, operations) as JsonObject
                    ?? throw StoreErrors.BadRequest("the patch leaves no object");
            case "application/merge-patch+json":
                var merge = await RequestBody.ReadObjectAsync(request, cancellation);
                return current => MergePatch.Apply(current, merge)!.AsObject();
            case "application/strategic-merge-patch+json" when resource.Definition is null:
                var strategic = await RequestBody.ReadObjectAsync(request, cancellation);
                return current => StrategicMergePatch.Apply(current, strategic);
            case "application/strategic-merge-patch+json":
                throw StoreErrors.UnsupportedMediaType(
                    "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
            default:
                throw StoreErrors.UnsupportedMediaType(
                    "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, "
                    + "application/apply-patch+yaml");
        }
    }
}

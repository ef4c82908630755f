using FaultTolerance.LocalCluster.Api.Access;
using FaultTolerance.LocalCluster.Api.Discovery;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Api.Streams;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>Every request goes through here: who asks, for what, and may he; then to the endpoint. Every refusal is a Status.</summary>
internal sealed class ApiHandler(
    TokenBook tokens,
    RbacAuthorizer authorizer,
    ResourceCatalog catalog,
    DiscoveryDocuments discovery,
    ResourceEndpoint resources,
    ReviewEndpoint reviews,
    PodEndpoint pods,
    CancellationToken stopping)
{
    /// <summary>Whether a path needs no rule: the API's description of itself, its version and health.</summary>
    public static bool IsOpenToAll(string path) =>
        path is "/api" or "/apis" or "/version" or "/version/" or "/healthz" or "/livez" or "/readyz"
        || path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/apis/", StringComparison.Ordinal)
        || path.StartsWith("/openapi/", StringComparison.Ordinal);

    /// <summary>Serves one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var path = ResourcePath.Parse(context.Request.Path.Value ?? "");
        try
        {
            await ServeAsync(context, path);
        }
        catch (StoreException error)
        {
            await RefuseAsync(context, error, path);
        }
        catch (BadHttpRequestException error)
        {
            await RefuseAsync(
                context,
                new(error.StatusCode, error.StatusCode == 413 ? "RequestEntityTooLarge" : "BadRequest", error.Message),
                path
            );
        }
        catch (System.Text.Json.JsonException)
        {
            // A patch can lay values into one another that were each within the limit of a body.
            await RefuseAsync(context, StoreErrors.BadRequest($"values lie more than {YamlDocuments.Deepest} deep in one another"), path);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            // The client left, or the server stops: there is nobody to answer.
            context.Abort();
        }
    }

    private static async Task RefuseAsync(HttpContext context, StoreException error, ResourcePath? path)
    {
        if (context.Response.HasStarted)
        {
            // The answer is under way: only breaking it off tells the client that it is not whole.
            context.Abort();
            return;
        }

        context.Response.Clear();
        await context.Response.AnswerAsync(StatusObject.Failure(error, path), error.Status);
    }

    private async Task ServeAsync(HttpContext context, ResourcePath? path)
    {
        var request = context.Request;
        var url = request.Path.Value ?? "";
        if (url is "/healthz" or "/livez" or "/readyz")
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.Body.WriteAsync("ok"u8.ToArray(), context.RequestAborted);
            return;
        }

        if (url.TrimEnd('/') == "/version")
        {
            await context.Response.AnswerAsync(DiscoveryDocuments.Version());
            return;
        }

        var user = tokens.Find(request.Headers.Authorization) ?? throw new StoreException(401, "Unauthorized", "Unauthorized");
        user = Impersonation.Of(request.Headers, user, authorizer);
        if (url.StartsWith("/openapi/", StringComparison.Ordinal))
        {
            await OpenApi.AnswerAsync(context, catalog);
        }
        else if (path is null)
        {
            await ServeDiscoveryAsync(context, url);
        }
        else if (ReviewEndpoint.Is(path))
        {
            await reviews.ServeAsync(context, path, user);
        }
        else
        {
            await ServeResourceAsync(context, path, user);
        }
    }

    private async Task ServeDiscoveryAsync(HttpContext context, string url)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            throw StoreErrors.MethodNotAllowed();
        }

        await context.Response.AnswerAsync(discovery.At(url) ?? throw StoreErrors.UnknownResource());
    }

    private async Task ServeResourceAsync(HttpContext context, ResourcePath path, User user)
    {
        var resource = catalog.Find(path.Group, path.Version, path.Plural) ?? throw StoreErrors.UnknownResource();
        if ((path.Namespace is not null && !resource.Namespaced)
            || (path.Namespace is null && path.Name is not null && resource.Namespaced)
            || (path.Subresource is not null && !resource.Subresources.Contains(path.Subresource, StringComparer.Ordinal)))
        {
            throw StoreErrors.UnknownResource();
        }

        var verb = ResourceEndpoint.VerbOf(context.Request, path);
        var what = path.Subresource is null ? path.Plural : $"{path.Plural}/{path.Subresource}";
        var @namespace = path.Namespace ?? (path.Plural == "namespaces" ? path.Name : null) ?? "";
        authorizer.Demand(user, new(verb, path.Group, what, @namespace, path.Name ?? ""));
        if (path.Subresource is "attach" or "exec" or "portforward" or "log" or "eviction" or "token")
        {
            await pods.ServeAsync(context, resource, path, stopping);
        }
        else
        {
            await resources.ServeAsync(context, resource, path, verb, stopping);
        }
    }
}

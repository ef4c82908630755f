using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Admission;
using FaultTolerance.LocalCluster.Api.Conversion;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Api.Selection;
using FaultTolerance.LocalCluster.Api.Verbs;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>The verbs on a resource, its status and its scale, over HTTP.</summary>
internal sealed class ResourceEndpoint(
    ReadVerbs reads, WriteVerbs writes, DeleteVerbs deletes, ScaleVerbs scales, ListAnswers answers, WatchEndpoint watches,
    ConversionWebhook webhook)
{
    /// <summary>The verb, in the authorizer's words, that a request stands for; 405 when there is none.</summary>
    public static string VerbOf(HttpRequest request, ResourcePath path) => (request.Method, path.Name is null) switch
    {
        ("GET" or "HEAD", true) => request.Query.Flag("watch") ? "watch" : "list",
        ("GET" or "HEAD" or "CONNECT", false) => path.Subresource is null && request.Query.Flag("watch") ? "watch" : "get",
        ("POST", _) => "create",
        ("PUT", false) => "update",
        ("PATCH", false) => "patch",
        ("DELETE", true) => "deletecollection",
        ("DELETE", false) => "delete",
        _ => throw StoreErrors.MethodNotAllowed(),
    };

    /// <summary>Serves a request.</summary>
    public async Task ServeAsync(HttpContext context, Resource resource, ResourcePath path, string verb, CancellationToken stopping)
    {
        if (path.Subresource == "scale")
        {
            await ServeScaleAsync(context, resource, path, verb);
            return;
        }

        if (resource.Definition is { } served && served.IsTrue("deprecated"))
        {
            Warn(context.Response, [served.Text("deprecationWarning") ?? $"{resource.ApiVersion} {resource.Kind} is deprecated"]);
        }

        var (request, cancellation) = (context.Request, context.RequestAborted);
        var conversion = ConversionOf(resource);
        switch (verb)
        {
            case "watch":
                await watches.ServeAsync(context, resource, path.Namespace, ReadList(request, resource, path.Name), conversion, stopping);
                return;
            case "list":
                await AnswerListAsync(context, resource, reads.List(resource, path.Namespace, ReadList(request, resource, name: null)));
                return;
            case "get":
                await AnswerStoredAsync(context, resource, reads.Get(resource, path.Namespace, path.Name!));
                return;
            case "create" when path.Name is null:
                DemandNamespace(resource, path);
                var body = await RequestBody.ReadObjectAsync(request, cancellation);
                Warn(context.Response, FieldValidation.Check(request.Query.Text("fieldValidation"), resource, body));
                var (dryRun, manager) = (request.Query.DryRun(), FieldManagerName.Of(request));
                var made = conversion is null
                    ? writes.Create(resource, path.Namespace, body, dryRun, manager)
                    : await conversion.CreateAsync(writes, path.Namespace, body, dryRun, manager, cancellation);
                Warn(context.Response, resource, made);
                await answers.AnswerAsync(context, resource, made, 201);
                return;
            case "update" or "patch":
                await ServeChangeAsync(context, resource, path, verb);
                return;
            case "delete" when path.Subresource is null:
                await ServeDeleteAsync(context, resource, path);
                return;
            case "deletecollection":
                await ServeDeleteCollectionAsync(context, resource, path);
                return;
            default:
                throw StoreErrors.MethodNotAllowed();
        }
    }

    private async Task ServeChangeAsync(HttpContext context, Resource resource, ResourcePath path, string verb)
    {
        var request = context.Request;
        if (verb == "patch" && PatchRequest.IsApply(request))
        {
            await ServeApplyAsync(context, resource, path);
            return;
        }

        var change = await ReadChangeAsync(request, resource, verb, context.RequestAborted);
        IReadOnlyList<string> unknown = [];
        JsonObject Checked(JsonObject current)
        {
            var next = change(current);
            (verb == "patch" ? (Action<Resource, JsonObject>)BodyTypes.DemandPatched : BodyTypes.Demand)(resource, next);
            unknown = FieldValidation.Check(request.Query.Text("fieldValidation"), resource, next);
            return next;
        }

        var (dryRun, manager) = (request.Query.DryRun(), FieldManagerName.Of(request));
        var updated = ConversionOf(resource) is { } conversion
            ? await conversion.UpdateAsync(
                reads, writes, path.Namespace, path.Name!, path.Subresource, Checked, verb == "patch", dryRun, manager,
                    context.RequestAborted)
            : writes.Update(resource, path.Namespace, path.Name!, path.Subresource, Checked, dryRun, manager);
        Warn(context.Response, unknown);
        if (resource.Definition is not null && updated.At("metadata", "deletionTimestamp") is not null)
        {
            deletes.FinishDefinition(resource.Type);
        }

        Warn(context.Response, resource, updated);
        await answers.AnswerAsync(context, resource, updated);
    }

    private async Task ServeApplyAsync(HttpContext context, Resource resource, ResourcePath path)
    {
        var request = context.Request;
        var config = await RequestBody.ReadObjectAsync(request, context.RequestAborted);
        if (request.Query.Text("fieldManager") is null)
        {
            throw StoreErrors.Invalid("PatchOptions.meta.k8s.io", "", ["fieldManager: Required value: is required for apply patch"]);
        }

        var (manager, force, dryRun) = (FieldManagerName.Of(request), request.Query.Flag("force"), request.Query.DryRun());
        var (applied, made) = ConversionOf(resource) is { } conversion
            ? await conversion.ApplyAsync(reads, writes, path.Namespace, path.Name!, path.Subresource, config, manager, force, dryRun,
                context.RequestAborted)
            : writes.Apply(resource, path.Namespace, path.Name!, path.Subresource, config, manager, force, dryRun);
        Warn(context.Response, resource, applied);
        await answers.AnswerAsync(context, resource, applied, made ? 201 : 200);
    }

    private async Task ServeScaleAsync(HttpContext context, Resource resource, ResourcePath path, string verb)
    {
        switch (verb)
        {
            case "get":
                await context.Response.AnswerAsync(scales.Get(resource, path.Namespace, path.Name!));
                return;
            case "update" or "patch":
                var change = await ReadChangeAsync(context.Request, resource, verb, context.RequestAborted);
                await context.Response.AnswerAsync(scales.Update(resource, path.Namespace, path.Name!, change,
                    context.Request.Query.DryRun(), FieldManagerName.Of(context.Request)));
                return;
            default:
                throw StoreErrors.MethodNotAllowed();
        }
    }

    private async Task ServeDeleteAsync(HttpContext context, Resource resource, ResourcePath path)
    {
        var (deleted, gone) = deletes.Delete(
            resource,
            path.Namespace,
            path.Name!,
            await ReadDeleteAsync(context.Request, context.RequestAborted)
        );

        // Kubernetes answers with the object where clients expect it, and with a Status where nothing is left.
        var answersObject = !gone || resource.Type.ToString() is "pods" or "services" or "serviceaccounts" or "persistentvolumeclaims";
        if (answersObject)
        {
            await AnswerStoredAsync(context, resource, deleted);
        }
        else
        {
            await context.Response.AnswerAsync(StatusObject.Deleted(path, deleted.Uid()));
        }
    }

    private async Task ServeDeleteCollectionAsync(HttpContext context, Resource resource, ResourcePath path)
    {
        DemandNamespace(resource, path);
        var request = await ReadDeleteAsync(context.Request, context.RequestAborted);
        var page = reads.List(resource, path.Namespace, ReadList(context.Request, resource, name: null));
        foreach (var value in page.Rows.Select(MemoryStore.Parse))
        {
            try
            {
                deletes.Delete(resource, value.Namespace(), value.Name(), request);
            }
            catch (StoreException e) when (e.Reason == "NotFound")
            {
                // Another deleted it in between: what was asked for is done.
                continue;
            }
        }

        await AnswerListAsync(context, resource, page);
    }

    private ConvertedVersion? ConversionOf(Resource resource) => resource.StoredAs is { } stored ? new(webhook, resource, stored) : null;

    private async Task AnswerStoredAsync(HttpContext context, Resource resource, JsonObject value) => await answers.AnswerAsync(
        context, resource, ConversionOf(resource) is { } conversion ? await conversion.OutAsync(value, context.RequestAborted) : value);

    private async Task AnswerListAsync(HttpContext context, Resource resource, ListPage page) => await answers.AnswerAsync(
        context, resource, ConversionOf(resource) is { } conversion
            ? page with { Rows = await conversion.OutAsync(page.Rows, context.RequestAborted) } : page);

    private static async Task<Func<JsonObject, JsonObject>> ReadChangeAsync(
        HttpRequest request,
        Resource resource,
        string verb,
        CancellationToken cancellation
    )
    {
        if (verb == "patch")
        {
            return await PatchRequest.ReadAsync(request, resource, cancellation);
        }

        var body = await RequestBody.ReadObjectAsync(request, cancellation);
        return _ => body.Copy();
    }

    private static async Task<DeleteRequest> ReadDeleteAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, cancellation) as JsonObject;
        var dryRun = body.Items("dryRun") is { Count: > 0 } || request.Query.DryRun();
        return new(
            body.Number("gracePeriodSeconds") ?? request.Query.Number("gracePeriodSeconds"),
            body.Text("propagationPolicy") ?? request.Query.Text("propagationPolicy")
                ?? (body.IsTrue("orphanDependents") || request.Query.Flag("orphanDependents") ? "Orphan" : null),
            body.Text("preconditions", "uid"),
            body.Text("preconditions", "resourceVersion"),
            dryRun);
    }

    private static ListRequest ReadList(HttpRequest request, Resource resource, string? name)
    {
        var query = request.Query;
        var fields = FieldSelector.Parse(query.Text("fieldSelector"), resource.Type);
        if (name is not null)
        {
            fields = new([.. fields.Terms, (["metadata", "name"], true, name)]);
        }

        var version = query.Text("resourceVersion") is { } text
            ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw StoreErrors.BadRequest($"resourceVersion: Invalid value: \"{text}\"")
            : (long?)null;
        return new(
            LabelSelector.Parse(query.Text("labelSelector")),
            fields,
            (int?)Math.Min(query.Number("limit") ?? 0, int.MaxValue),
            ContinueToken.Parse(query.Text("continue")),
            version,
            query.Text("resourceVersionMatch") == "Exact");
    }

    private static void DemandNamespace(Resource resource, ResourcePath path)
    {
        if (resource.Namespaced && path.Namespace is null)
        {
            throw StoreErrors.MethodNotAllowed();
        }
    }

    private static void Warn(HttpResponse response, Resource resource, JsonObject value)
    {
        if (resource.Type == BuiltInResources.Definitions && DefinitionValidation.HasRules(value["spec"]))
        {
            response.Headers.Append(
                "Warning",
                "299 - \"this cluster does not evaluate x-kubernetes-validations (CEL): objects that break these rules are accepted\""
            );
        }

        Warn(response, PodWarnings.Of(resource, value));
    }

    private static void Warn(HttpResponse response, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            response.Headers.Append("Warning", $"299 - \"{warning.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }
    }
}

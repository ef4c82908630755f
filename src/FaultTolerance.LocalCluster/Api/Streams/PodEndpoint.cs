using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Access;
using FaultTolerance.LocalCluster.Api.Http;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Api.Verbs;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Streams;

/// <summary>The subresources that do something: log, exec, attach, portforward and eviction of pods, token of service accounts.</summary>
internal sealed class PodEndpoint(
    MemoryStore store,
    DeleteVerbs deletes,
    TokenBook tokens,
    LogStream logs,
    ExecStream execs,
    PortForwardStream forwards,
    TimeProvider time
)
{
    /// <summary>Serves one of them.</summary>
    public async Task ServeAsync(HttpContext context, Resource resource, ResourcePath path, CancellationToken stopping)
    {
        var (@namespace, name) = (path.Namespace ?? "", path.Name!);
        var id = resource.Id(@namespace, name);
        var target = store.Get(id) ?? throw StoreErrors.NotFound(id);
        var method = context.Request.Method;
        switch (path.Subresource)
        {
            case "log" when HttpMethods.IsGet(method):
                await logs.ServeAsync(context, @namespace, name, stopping);
                return;
            case "exec" when !HttpMethods.IsDelete(method):
                DemandContainer(target, context.Request.Query.Text("container"));
                await execs.ServeAsync(context, @namespace, name, stopping);
                return;
            case "attach" when !HttpMethods.IsDelete(method):
                DemandContainer(target, context.Request.Query.Text("container"));
                DemandRunning(target, "attach");
                await execs.AttachAsync(context, @namespace, name, stopping);
                return;
            case "portforward" when !HttpMethods.IsDelete(method):
                DemandRunning(target, "forward port");
                await forwards.ServeAsync(context, @namespace, name, stopping);
                return;
            case "eviction" when HttpMethods.IsPost(method):
                var options = (await RequestBody.ReadObjectAsync(context.Request, context.RequestAborted)).Map("deleteOptions");
                deletes.Delete(
                    resource,
                    @namespace,
                    name,
                    new(options.Number("gracePeriodSeconds"), Uid: options.Text("preconditions", "uid"))
                );
                await context.Response.AnswerAsync(StatusObject.Deleted(path, target.Uid()), 201);
                return;
            case "token" when HttpMethods.IsPost(method):
                await context.Response.AnswerAsync(Token(@namespace, name), 201);
                return;
            default:
                throw StoreErrors.MethodNotAllowed();
        }
    }

    private JsonObject Token(string @namespace, string account) => new()
    {
        ["kind"] = "TokenRequest",
        ["apiVersion"] = "authentication.k8s.io/v1",
        ["metadata"] = new JsonObject { ["name"] = account, ["namespace"] = @namespace },
        ["spec"] = new JsonObject { ["audiences"] = new JsonArray() },
        ["status"] = new JsonObject
        {
            ["token"] = tokens.Issue(User.ServiceAccount(@namespace, account)),

            // Tokens live as long as the cluster; a stamp must be there, and this one says when a client should ask anew.
            ["expirationTimestamp"] = MemoryStore.Stamp(time.GetUtcNow().AddDays(1)),
        },
    };

    private static void DemandContainer(JsonObject pod, string? container)
    {
        var names = pod.Maps("spec", "containers").Concat(pod.Maps("spec", "initContainers")).Select(entry => entry.Text("name")).ToList();
        if (container is not null && !names.Contains(container))
        {
            throw StoreErrors.BadRequest($"container {container} is not valid for pod {pod.Name()}");
        }

        if (container is null && pod.Items("spec", "containers") is { Count: > 1 })
        {
            throw StoreErrors.BadRequest(
                $"a container name must be specified for pod {pod.Name()}, choose one of: [{string.Join(' ', names)}]"
            );
        }
    }

    private static void DemandRunning(JsonObject pod, string what)
    {
        if (pod.Text("status", "phase") is var phase and not "Running")
        {
            throw StoreErrors.BadRequest($"unable to {what} because pod is not running. Current status={phase}");
        }
    }
}

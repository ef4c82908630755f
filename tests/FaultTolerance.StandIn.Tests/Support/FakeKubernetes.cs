using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Operator;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Tests.Support;

/// <summary>Objects by path, with list, watch, create, replace, merge patch and delete, over HTTP on loopback.</summary>
internal sealed class FakeKubernetes : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(string Collection, string? Selector, ChannelWriter<string> Events)> _watches = [];
    private readonly List<(long Version, string Collection, JsonObject Item, string Line)> _history = [];
    private HttpServer? _server;
    private long _version = 1;
    private long _uid;

    public Uri? Address { get; private set; }

    /// <summary>Whether it serves worker cards and slices of endpoints, by which today's processes find each other.</summary>
    public bool ServesCards { get; set; }

    /// <summary>Whether it refuses to apply what it is sent.</summary>
    public bool RefusesApply { get; set; }

    /// <summary>What was applied by the server, a line each: path with query, media types, body.</summary>
    public ConcurrentQueue<(string Path, string ContentType, string Accept, JsonObject Body)> Applied { get; } = new();

    /// <summary>What was listed and watched, with the query.</summary>
    public ConcurrentQueue<string> Read { get; } = new();

    public static async Task<FakeKubernetes> StartAsync(IPAddress address, int port)
    {
        var fake = new FakeKubernetes();
        fake._server = await HttpServer.StartAsync(address, port, fake.AnswerAsync);
        fake.Address = new Uri($"http://{address}:{port}");
        return fake;
    }

    public JsonObject? Get(string path)
    {
        lock (_gate)
        {
            return _objects.GetValueOrDefault(path)?.DeepClone() as JsonObject;
        }
    }

    public IReadOnlyList<string> Names(string collection)
    {
        lock (_gate)
        {
            return
            [
                .. _objects.Keys.Where(path => path[..path.LastIndexOf('/')] == collection).Select(path => path[(collection.Length + 1)..]),
            ];
        }
    }

    public JsonObject Put(string collection, JsonObject item)
    {
        lock (_gate)
        {
            var metadata = (JsonObject)item["metadata"]!;
            var path = $"{collection}/{metadata["name"].Text()}";
            var known = _objects.GetValueOrDefault(path);
            metadata["uid"] = known?["metadata"]?["uid"]?.DeepClone() ?? metadata["uid"]?.DeepClone() ?? $"uid-{++_uid}";
            metadata["resourceVersion"] = $"{++_version}";
            var generation = known.At("metadata", "generation").Number() ?? 0;
            metadata["generation"] = known is not null && JsonNode.DeepEquals(known["spec"], item["spec"]) ? generation : generation + 1;
            _objects[path] = (JsonObject)item.DeepClone();
            Tell(collection, known is null ? "ADDED" : "MODIFIED", item);
            return item;
        }
    }

    public bool Delete(string collection, string name)
    {
        lock (_gate)
        {
            if (!_objects.Remove($"{collection}/{name}", out var item))
            {
                return false;
            }

            item["metadata"]!["resourceVersion"] = $"{++_version}";
            Tell(collection, "DELETED", item);
            return true;
        }
    }

    /// <summary>Ends every watch, as a server does from time to time.</summary>
    public void EndWatches()
    {
        lock (_gate)
        {
            _watches.ForEach(watch => watch.Events.TryComplete());
            _watches.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        EndWatches();
        await _server!.DisposeAsync();
    }

    /// <summary>Whether the object has the label that <c>key=value</c> asks for, or any of it for <c>key</c>.</summary>
    private static bool Matches(JsonObject item, string? selector)
    {
        if (selector is null)
        {
            return true;
        }

        var parts = selector.Split('=');
        var value = item.At("metadata", "labels", parts[0]).Text();
        return value is not null && (parts.Length == 1 || value == parts[1]);
    }

    private void Tell(string collection, string type, JsonObject item)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = item.DeepClone() }.ToJsonString();
        _history.Add((_version, collection, (JsonObject)item.DeepClone(), line));
        foreach (var watch in _watches.Where(watch => watch.Collection == collection && Matches(item, watch.Selector)))
        {
            watch.Events.TryWrite(line);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            Read.Enqueue(path + context.Request.QueryString.Value);
        }

        if (context.Request.Query["watch"] == "true")
        {
            await WatchAsync(context, path);
            return;
        }

        var body =
            context.Request.ContentLength > 0
                ? JsonNode.Parse(await new StreamReader(context.Request.Body, Encoding.UTF8).ReadToEndAsync(context.RequestAborted))
                    as JsonObject
                : null;
        if (context.Request.ContentType == "application/apply-patch+yaml")
        {
            if (RefusesApply)
            {
                context.Response.StatusCode = 403;
                return;
            }

            var request = context.Request;
            Applied.Enqueue((path + request.QueryString.Value, request.ContentType, request.Headers.Accept.ToString(), body!));
            await context.Response.WriteAsync(Put(path[..path.LastIndexOf('/')], body!).ToJsonString(), context.RequestAborted);
            return;
        }

        var answer = Discovery(path) ?? Do(context.Request.Method, path, body, context.Request.Query["labelSelector"].FirstOrDefault());
        context.Response.StatusCode = answer is null ? 404 : 200;
        await context.Response.WriteAsync((answer ?? new JsonObject { ["message"] = "not found" }).ToJsonString(), context.RequestAborted);
    }

    private JsonObject? Discovery(string path) => (ServesCards, path) switch
    {
        (true, "/apis/nvidia.com/v1alpha1") => new() { ["resources"] = new JsonArray(new JsonObject { ["name"] = "dynamoworkermetadatas" }) },
        (true, "/apis/discovery.k8s.io") => new() { ["preferredVersion"] = new JsonObject { ["version"] = "v1" } },
        _ => null,
    };

    private JsonObject? Do(string method, string path, JsonObject? body, string? selector)
    {
        var collection = path[..path.LastIndexOf('/')];
        switch (method)
        {
            case "POST":
                return Put(path, body!);
            case "PUT":
                return Get(path) is null ? null : Put(collection, body!);
            case "DELETE":
                return Delete(collection, path[(collection.Length + 1)..]) ? new() : null;
            case "PATCH":
                var target = path.EndsWith("/status", StringComparison.Ordinal) ? collection : path;
                if (Get(target) is not { } item)
                {
                    return null;
                }

                // The operator patches status only, and as a whole; the planner what it scales.
                if (target != path)
                {
                    item["status"] = body!["status"]!.DeepClone();
                }
                else
                {
                    Merge(item, body!);
                }

                return Put(target[..target.LastIndexOf('/')], item);
            default:
                return Get(path) ?? (path.EndsWith('s') && !path.EndsWith("/apis", StringComparison.Ordinal) ? List(path, selector) : null);
        }
    }

    private static void Merge(JsonObject item, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject inner && item[name] is JsonObject known)
            {
                Merge(known, inner);
            }
            else
            {
                item[name] = value?.DeepClone();
            }
        }
    }

    private JsonObject List(string collection, string? selector)
    {
        lock (_gate)
        {
            var items = _objects
                .Where(item => item.Key[..item.Key.LastIndexOf('/')] == collection && Matches(item.Value, selector))
                .Select(item => item.Value.DeepClone())
                .ToArray();
            return new()
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = $"{_version}" },
                ["items"] = new JsonArray(items),
            };
        }
    }

    private async Task WatchAsync(HttpContext context, string collection)
    {
        var selector = context.Request.Query["labelSelector"].FirstOrDefault();
        var events = Channel.CreateUnbounded<string>();
        lock (_gate)
        {
            var from = long.Parse(context.Request.Query["resourceVersion"]!);
            foreach (
                var past in _history.Where(past => past.Collection == collection && past.Version > from && Matches(past.Item, selector))
            )
            {
                events.Writer.TryWrite(past.Line);
            }

            _watches.Add((collection, selector, events.Writer));
        }

        await context.Response.Body.FlushAsync(context.RequestAborted);
        await foreach (var line in events.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync(line + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults;

/// <summary>Objects that are read, listed, created, replaced, patched and deleted, and not watched.</summary>
internal sealed class FakeObjects
{
    private readonly ConcurrentDictionary<string, JsonObject> _items = new(StringComparer.Ordinal);

    /// <summary>Called with the plural, and the object after a replacement, as a controller would hear of it.</summary>
    public Action<string, JsonObject> OnReplace { get; set; } = static (_, _) => { };

    public IReadOnlyList<string> Names(string plural) =>
        [.. _items.Keys.Where(key => key.StartsWith($"{plural}/", StringComparison.Ordinal)).Select(key => key[(plural.Length + 1)..])];

    public JsonObject Get(string plural, string name) => _items[$"{plural}/{name}"];

    public void Put(string plural, JsonObject item)
    {
        var meta = item["metadata"]!.AsObject();
        meta["uid"] ??= $"uid-{meta["name"]}";
        _items[$"{plural}/{meta["name"]}"] = item;
    }

    public async Task<bool> AnswerAsync(HttpContext http)
    {
        var parts = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(parts, "namespaces");
        string[] rest = at >= 0 ? parts[(at + 2)..] : parts is ["api", _, .. var core] ? core : [];
        switch (http.Request.Method, rest)
        {
            case ("GET", [var plural]) when at >= 0:
                var items = new JsonArray([.. Names(plural).Select(name => Get(plural, name).DeepClone())]);
                return await FakeApi.JsonAsync(
                    http, new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = "1" }, ["items"] = items }.ToJsonString());
            case ("POST", [var plural]) when at >= 0:
                Put(plural, await BodyAsync(http));
                return await FakeApi.JsonAsync(http, "{}", 201);
            case (_, [var plural, var name]) when _items.TryGetValue($"{plural}/{name}", out var item):
                return await AnswerAsync(http, plural, name, item);
            default:
                return false;
        }
    }

    private async Task<bool> AnswerAsync(HttpContext http, string plural, string name, JsonObject item)
    {
        switch (http.Request.Method)
        {
            case "DELETE":
                _items.TryRemove($"{plural}/{name}", out _);
                break;
            case "PUT":
                item = await BodyAsync(http);
                var generation = (item["metadata"]!["generation"]?.GetValue<long>() ?? 1) + 1;
                item["metadata"]!["generation"] = generation;
                (item["status"] ??= new JsonObject())["observedGeneration"] = generation;
                Put(plural, item);
                OnReplace(plural, item);
                break;
            case "PATCH":
                item = item.DeepClone().AsObject();
                Merge(item, await BodyAsync(http));
                Put(plural, item);
                break;
        }

        return await FakeApi.JsonAsync(http, item.ToJsonString());
    }

    private static void Merge(JsonObject item, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is JsonObject inner)
            {
                Merge((item[key] ??= new JsonObject()).AsObject(), inner);
            }
            else if (value is null)
            {
                item.Remove(key);
            }
            else
            {
                item[key] = value.DeepClone();
            }
        }
    }

    private static async Task<JsonObject> BodyAsync(HttpContext http) =>
        (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!.AsObject();
}

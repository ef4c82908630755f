using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Cluster;

/// <summary>
/// A namespace with objects in it, over <see cref="FakeApi"/>: lists with selectors, watches, creates, deletes with their preconditions.
/// What controllers would do a test does in <see cref="Created"/> and <see cref="Deleted"/>; what goes wrong it says in
/// <see cref="Before"/>.
/// </summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<string, JsonObject>> _objects = new(StringComparer.Ordinal);
    private readonly List<(int Version, string Collection, string Type, JsonObject Object)> _log = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _version = 100;

    private FakeCluster(FakeApi api)
    {
        Api = api;
        api.Handle = AnswerAsync;
    }

    public FakeApi Api { get; }

    /// <summary>Answers before the cluster does and returns true, or leaves it.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = _ => Task.FromResult(false);

    /// <summary>Groups beside the built-in ones, with the versions that are served.</summary>
    public Dictionary<string, string[]> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>Called after a create, with the plural and the object.</summary>
    public Action<string, JsonObject> Created { get; set; } = (_, _) => { };

    /// <summary>Called after an object has gone, with the plural and the object.</summary>
    public Action<string, JsonObject> Deleted { get; set; } = (_, _) => { };

    public static async Task<FakeCluster> StartAsync() => new(await FakeApi.StartAsync());

    public Task<ClusterSession> ConnectAsync(TimeProvider? time = null, int retries = 0, double requestTimeout = 30) =>
        ClusterSession.ConnectAsync(
            new ClusterOptions
            {
                Kubeconfig = Api.Kubeconfig,
                Retries = retries,
                RequestTimeout = TimeSpan.FromSeconds(requestTimeout),
            },
            time ?? TimeProvider.System,
            TestContext.Current.CancellationToken
        );

    /// <summary>Stores an object, new or in the place of the one of its name.</summary>
    public JsonObject Put(string plural, JsonObject item)
    {
        lock (_gate)
        {
            var collection = Collection(plural);
            var meta = item["metadata"]!.AsObject();
            var name = meta["name"]!.GetValue<string>();
            var was = collection.GetValueOrDefault(name);
            meta["uid"] ??= was?["metadata"]!["uid"]!.DeepClone() ?? $"uid-{name}-{_version.ToString(CultureInfo.InvariantCulture)}";
            Log(plural, was is null ? "ADDED" : "MODIFIED", item);
            collection[name] = item;
        }

        Changed();
        return item;
    }

    public JsonObject? Get(string plural, string name)
    {
        lock (_gate)
        {
            return Collection(plural).GetValueOrDefault(name);
        }
    }

    public IReadOnlyList<string> Names(string plural)
    {
        lock (_gate)
        {
            return [.. Collection(plural).Keys];
        }
    }

    public void Remove(string plural, string name)
    {
        JsonObject? gone;
        lock (_gate)
        {
            if (!Collection(plural).Remove(name, out gone))
            {
                return;
            }

            Log(plural, "DELETED", gone);
        }

        Changed();
        Deleted(plural, gone);
    }

    public ValueTask DisposeAsync() => Api.DisposeAsync();

    private SortedDictionary<string, JsonObject> Collection(string plural) =>
        _objects.TryGetValue(plural, out var collection) ? collection : _objects[plural] = new(StringComparer.Ordinal);

    private void Log(string plural, string type, JsonObject item)
    {
        item["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        _log.Add((_version, plural, type, item.DeepClone().AsObject()));
    }

    private void Changed()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    private async Task<bool> AnswerAsync(HttpContext http)
    {
        if (await Before(http))
        {
            return true;
        }

        var parts = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["apis", var group] && Groups.TryGetValue(group, out var versions))
        {
            return await FakeApi.JsonAsync(http, new JsonObject
            {
                ["versions"] = new JsonArray([.. versions.Select(v => new JsonObject { ["version"] = v })]),
                ["preferredVersion"] = new JsonObject { ["version"] = versions[0] },
            }.ToJsonString());
        }

        if (http.Request.Path.Value!.EndsWith("/selfsubjectaccessreviews", StringComparison.Ordinal))
        {
            return await FakeApi.JsonAsync(http, """{"status":{"allowed":true}}""", 201);
        }

        var at = Array.IndexOf(parts, "namespaces");
        return at >= 0
            && parts.Length > at + 2
            && await AnswerAsync(http, parts[at + 2], parts.ElementAtOrDefault(at + 3), parts.Length > at + 4);
    }

    private async Task<bool> AnswerAsync(HttpContext http, string plural, string? name, bool sub) => (http.Request.Method, name) switch
    {
        _ when sub => false,
        ("GET", null) when http.Request.Query.ContainsKey("watch") => await WatchAsync(http, plural),
        ("GET", null) => await FakeApi.JsonAsync(http, List(http, plural)),
        ("GET", not null) => Get(plural, name) is { } item && await FakeApi.JsonAsync(http, item.ToJsonString()),
        ("POST", null) => await CreateAsync(http, plural),
        ("PUT", not null) => await ReplaceAsync(http, plural, name),
        ("DELETE", not null) => await DeleteAsync(http, plural, name),
        _ => false,
    };

    private string List(HttpContext http, string plural)
    {
        lock (_gate)
        {
            var items = new JsonArray([.. Collection(plural).Values.Where(i => Selects(http, i)).Select(i => i.DeepClone())]);
            return new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = _version.ToString(CultureInfo.InvariantCulture) },
                ["items"] = items,
            }.ToJsonString();
        }
    }

    private async Task<bool> WatchAsync(HttpContext http, string plural)
    {
        var seen = int.Parse(http.Request.Query["resourceVersion"].ToString(), CultureInfo.InvariantCulture);
        http.Response.ContentType = "application/json";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        try
        {
            while (true)
            {
                Task changed;
                List<string> lines;
                lock (_gate)
                {
                    changed = _changed.Task;
                    lines =
                    [
                        .. _log.Where(e => e.Version > seen && e.Collection == plural && Selects(http, e.Object))
                            .Select(e => new JsonObject { ["type"] = e.Type, ["object"] = e.Object.DeepClone() }.ToJsonString()),
                    ];
                    seen = _version;
                }

                foreach (var line in lines)
                {
                    await http.Response.WriteAsync(line + "\n", http.RequestAborted);
                }

                await http.Response.Body.FlushAsync(http.RequestAborted);
                await changed.WaitAsync(http.RequestAborted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return true;
        }
    }

    private async Task<bool> CreateAsync(HttpContext http, string plural)
    {
        var item = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!.AsObject();
        var name = item["metadata"]!["name"]!.GetValue<string>();
        if (Get(plural, name) is not null)
        {
            return await FakeApi.StatusAsync(http, 409, "AlreadyExists", $"{plural} '{name}' already exists");
        }

        Put(plural, item);
        Created(plural, item);
        return await FakeApi.JsonAsync(http, item.ToJsonString(), 201);
    }

    private async Task<bool> ReplaceAsync(HttpContext http, string plural, string name)
    {
        var item = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!.AsObject();
        if (Get(plural, name) is not { } there)
        {
            return false;
        }

        if (item["metadata"]!["resourceVersion"] is { } version && version.ToString() != there["metadata"]!["resourceVersion"]!.ToString())
        {
            return await FakeApi.StatusAsync(http, 409, "Conflict", "the object has been modified");
        }

        item["metadata"]!["uid"] = there["metadata"]!["uid"]!.DeepClone();
        return await FakeApi.JsonAsync(http, Put(plural, item).ToJsonString());
    }

    private async Task<bool> DeleteAsync(HttpContext http, string plural, string name)
    {
        var how = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        if (Get(plural, name) is not { } item)
        {
            return false;
        }

        if (how?["preconditions"]?["uid"] is { } uid && uid.ToString() != item["metadata"]!["uid"]!.ToString())
        {
            return await FakeApi.StatusAsync(http, 409, "Conflict", "the uid is another");
        }

        if (item["metadata"]!["finalizers"] is JsonArray { Count: > 0 })
        {
            item["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
            Put(plural, item);
        }
        else
        {
            Remove(plural, name);
        }

        return await FakeApi.JsonAsync(http, """{"kind":"Status","status":"Success"}""");
    }

    private static bool Selects(HttpContext http, JsonObject item)
    {
        var labels = item["metadata"]!["labels"];
        var byLabel = http.Request.Query["labelSelector"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries)
            .All(term => term.Split('=') is [var key, var value] ? labels?[key]?.GetValue<string>() == value : labels?[term] is not null);
        var field = http.Request.Query["fieldSelector"].ToString();
        return byLabel && (field.Length == 0 || field == $"metadata.name={item["metadata"]!["name"]!.GetValue<string>()}");
    }
}

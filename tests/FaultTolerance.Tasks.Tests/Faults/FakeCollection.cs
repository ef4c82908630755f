using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults;

/// <summary>A collection of the fake API: listed, and watched by as many as like from the version that they name.</summary>
internal sealed class FakeCollection
{
    private readonly Lock _gate = new();
    private readonly List<(string Type, JsonObject Item)> _events = [];
    private readonly ConcurrentDictionary<string, JsonObject> _items = new(StringComparer.Ordinal);
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JsonObject? Find(string name) => _items.GetValueOrDefault(name)?.DeepClone().AsObject();

    public void Put(JsonObject item) => Tell(_items.ContainsKey(Name(item)) ? "MODIFIED" : "ADDED", item);

    public void Change(string name, Action<JsonObject> change)
    {
        var item = Find(name)!;
        change(item);
        Put(item);
    }

    public void Remove(string name)
    {
        if (Find(name) is { } item)
        {
            Tell("DELETED", item);
        }
    }

    public Task<bool> ListAsync(HttpContext http)
    {
        JsonObject list;
        lock (_gate)
        {
            list = new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = Version(_events.Count) },
                ["items"] = new JsonArray([.. _items.Values.Select(item => item.DeepClone())]),
            };
        }

        return FakeApi.JsonAsync(http, list.ToJsonString());
    }

    public async Task<bool> WatchAsync(HttpContext http)
    {
        var next = int.Parse(http.Request.Query["resourceVersion"]!, CultureInfo.InvariantCulture) - 1;
        try
        {
            await http.Response.Body.FlushAsync(http.RequestAborted);
            while (true)
            {
                Task more;
                List<(string Type, JsonObject Item)> found;
                lock (_gate)
                {
                    (found, more) = ([.. _events.Skip(next)], _more.Task);
                }

                foreach (var (type, item) in found)
                {
                    await http.Response.WriteAsync(
                        new JsonObject { ["type"] = type, ["object"] = item.DeepClone() }.ToJsonString() + "\n",
                        http.RequestAborted
                    );
                }

                next += found.Count;
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await more.WaitAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The watch was given up.
        }

        return true;
    }

    private static string Name(JsonObject item) => item["metadata"]!["name"]!.GetValue<string>();

    // A version of 0 has a meaning of its own: the first is 1.
    private static string Version(int events) => (events + 1).ToString(CultureInfo.InvariantCulture);

    private void Tell(string type, JsonObject item)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            item["metadata"]!["resourceVersion"] = Version(_events.Count + 1);
            _events.Add((type, item));
            if (type == "DELETED")
            {
                _items.TryRemove(Name(item), out _);
            }
            else
            {
                _items[Name(item)] = item;
            }

            (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.SetResult();
    }
}

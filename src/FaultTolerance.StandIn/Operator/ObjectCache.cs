using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>The objects of one kind as the watch last told them, by namespace/name; says whose graph's affair each change is.</summary>
/// <param name="graphOf">Whose graph's affair an object is.</param>
/// <param name="onChange">Told the graph.</param>
/// <param name="isNews">Whether a change (before, after) is to be told; null where each is.</param>
internal sealed class ObjectCache(
    Func<JsonObject, string?> graphOf,
    Action<string> onChange,
    Func<JsonObject, JsonObject, bool>? isNews = null
) : IResourceSink
{
    private readonly ConcurrentDictionary<string, JsonObject> _items = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes after the first list.</summary>
    public Task Listed => _listed.Task;

    /// <summary>Told every object that is another, of a graph or not; null for nobody.</summary>
    public Action<JsonObject>? OnItem { get; init; }

    public IEnumerable<JsonObject> Items => _items.Values;

    public IEnumerable<string> Keys => _items.Keys;

    public static string KeyOf(JsonObject item) => $"{item.At("metadata", "namespace").Text()}/{item.At("metadata", "name").Text()}";

    /// <summary>A copy, since JSON nodes must not be read while another reader fills their lazy parts.</summary>
    public JsonObject? Get(string key)
    {
        if (!_items.TryGetValue(key, out var item))
        {
            return null;
        }

        lock (item)
        {
            return (JsonObject)item.DeepClone();
        }
    }

    public void Replace(IReadOnlyList<JsonObject> items)
    {
        var now = items.ToDictionary(KeyOf, StringComparer.Ordinal);
        foreach (var gone in _items.Keys.Where(key => !now.ContainsKey(key)).ToList())
        {
            if (_items.TryRemove(gone, out var item))
            {
                Tell(item);
            }
        }

        foreach (var item in now.Values)
        {
            Put(item);
        }

        _listed.TrySetResult();
    }

    public void Put(JsonObject item)
    {
        var graph = graphOf(item);
        var key = KeyOf(item);
        var known = isNews is null ? null : Get(key);
        var news = known is null || isNews!(known, item);
        _items[key] = item;
        if (news)
        {
            OnItem?.Invoke(item);
        }

        if (graph is not null && news)
        {
            onChange(graph);
        }
    }

    public void Remove(JsonObject item)
    {
        _items.TryRemove(KeyOf(item), out _);
        Tell(item);
    }

    private void Tell(JsonObject item)
    {
        OnItem?.Invoke(item);
        if (graphOf(item) is { } graph)
        {
            onChange(graph);
        }
    }
}

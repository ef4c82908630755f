using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Storage;

/// <summary>
/// What stored bytes hold, read once for all who ask: each controller and each watch wants a copy of its own, and a change of a pod is met
/// by a dozen of them. Copies share what was read, which never changes, and make nodes of their own of the parts that they look at. Safe
/// for any number of threads.
/// </summary>
/// <param name="capacity">How many objects are remembered at least; twice as many at most, with some 10 KB each.</param>
internal sealed class ParsedObjects(int capacity = 512)
{
    private readonly Lock _lock = new();
    private Dictionary<byte[], JsonElement> _young = [];
    private Dictionary<byte[], JsonElement> _old = [];

    /// <summary>A copy of what the bytes hold. They must never change: they are known again by the array that they are.</summary>
    /// <exception cref="JsonException">They are no JSON.</exception>
    public JsonObject Copy(byte[] json)
    {
        var parsed = Known(json);
        if (parsed is null)
        {
            parsed = JsonElement.Parse(json);
            lock (_lock)
            {
                Remember(json, parsed.Value);
            }
        }

        return JsonObject.Create(parsed.Value)!;
    }

    private JsonElement? Known(byte[] json)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(json, out var parsed))
            {
                return parsed;
            }

            if (!_old.TryGetValue(json, out parsed))
            {
                return null;
            }

            Remember(json, parsed);
            return parsed;
        }
    }

    private void Remember(byte[] json, JsonElement parsed)
    {
        if (_young.Count >= capacity)
        {
            // What nobody asked for since the last time goes.
            (_old, _young) = (_young, []);
        }

        _young[json] = parsed;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>
/// Writes core/v1 events. What repeats (same object, reason and message) raises the count of the event that is there.
/// </summary>
/// <param name="store">Where events go.</param>
/// <param name="component">Who reports: <c>kubelet</c>, <c>default-scheduler</c> ...</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told when an event could not be written (its namespace is going away).</param>
internal sealed class EventRecorder(IObjectStore store, string component, TimeProvider time, ILogger log)
{
    private readonly ConcurrentDictionary<(string Uid, string Field, string Reason, string Message), string> _known = new();
    private long _count;

    /// <summary>Records an event of type Normal.</summary>
    public void Normal(JsonObject about, string kind, string reason, string message, string? container = null) =>
        Write("Normal", about, kind, reason, message, container);

    /// <summary>Records an event of type Warning.</summary>
    public void Warning(JsonObject about, string kind, string reason, string message, string? container = null) =>
        Write("Warning", about, kind, reason, message, container);

    /// <summary>Forgets what was said of an object that is gone.</summary>
    public void Forget(string uid)
    {
        foreach (var key in _known.Keys.Where(k => k.Uid == uid))
        {
            _known.TryRemove(key, out _);
        }
    }

    private void Write(string type, JsonObject about, string kind, string reason, string message, string? container)
    {
        var ns = about.Namespace() is { Length: > 0 } n ? n : "default";
        var field = container is null ? "" : $"spec.containers{{{container}}}";
        var key = (about.Uid(), field, reason, message);
        var now = time.GetUtcNow();
        try
        {
            if (_known.TryGetValue(key, out var name) && Raise(ns, name, now))
            {
                return;
            }

            name = string.Create(CultureInfo.InvariantCulture, $"{about.Name()}.{now.UtcTicks:x}{Interlocked.Increment(ref _count):x}");
            store.Create(new ResourceId(Resources.Events, ns, name), Build(type, about, kind, reason, message, field, ns, name, now));
            _known[key] = name;
        }
        catch (StoreException e)
        {
            // An event is a courtesy: its namespace may be going away under it.
            log.LogDebug("Event {Reason} about {Object} not written: {Message}", reason, about.Name(), e.Message);
        }
    }

    private bool Raise(string ns, string name, DateTimeOffset now)
    {
        var id = new ResourceId(Resources.Events, ns, name);
        if (store.Get(id) is null)
        {
            return false;
        }

        store.Update(id, e =>
        {
            e["count"] = (e.Number("count") ?? 1) + 1;
            e["lastTimestamp"] = Stamp.Of(now);
            return e;
        });
        return true;
    }

    private JsonObject Build(
        string type, JsonObject about, string kind, string reason, string message, string field, string ns, string name, DateTimeOffset now)
    {
        var involved = new JsonObject
        {
            ["apiVersion"] = kind is "Deployment" or "ReplicaSet" ? "apps/v1" : "v1",
            ["kind"] = kind,
            ["name"] = about.Name(),
            ["uid"] = about.Uid(),
        };
        if (about.Namespace().Length > 0)
        {
            involved["namespace"] = about.Namespace();
        }

        if (field.Length > 0)
        {
            involved["fieldPath"] = field;
        }

        var stamp = Stamp.Of(now);
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
            ["involvedObject"] = involved,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = component, ["host"] = Resources.NodeName },
            ["reportingComponent"] = component,
            ["reportingInstance"] = Resources.NodeName,
            ["firstTimestamp"] = stamp,
            ["lastTimestamp"] = stamp,
            ["count"] = 1,
            ["type"] = type,
        };
    }
}

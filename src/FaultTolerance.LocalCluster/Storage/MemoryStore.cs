using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Storage;

/// <summary>
/// The store in memory. An object is kept as UTF-8 JSON, which never changes once it is kept: readers get their own
/// copy without holding the lock, and history and list share the bytes.
/// </summary>
/// <param name="time">Stamps creationTimestamp.</param>
/// <param name="historyPerType">How many changes of each type a watch can reach back to.</param>
internal sealed class MemoryStore(TimeProvider time, int historyPerType = 5_000) : IObjectStore
{
    private readonly Lock _lock = new();
    private readonly ParsedObjects _parsed = new();
    private readonly Dictionary<ResourceType, Table> _tables = [];
    private long _version = 1;

    /// <summary>The version of the last change to anything.</summary>
    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <inheritdoc/>
    public JsonObject? Get(ResourceId id) => Raw(id) is { } json ? _parsed.Copy(json) : null;

    /// <summary>The object's bytes, the same array until it changes; null when there is none.</summary>
    public byte[]? Raw(ResourceId id)
    {
        lock (_lock)
        {
            return TableOf(id.Type).Rows.GetValueOrDefault(new(id.Namespace, id.Name));
        }
    }

    /// <inheritdoc/>
    public (IReadOnlyList<JsonObject> Items, long ResourceVersion) List(ResourceType type, string? @namespace)
    {
        var (rows, version) = ListRaw(type, @namespace);
        return (rows.ConvertAll(_parsed.Copy), version);
    }

    /// <summary>
    /// As <see cref="List"/>, unparsed, ordered by namespace and name; at an earlier version on request (410 when it is too old).
    /// </summary>
    public (List<byte[]> Rows, long ResourceVersion) ListRaw(ResourceType type, string? @namespace, long? at = null)
    {
        lock (_lock)
        {
            var table = TableOf(type);
            IDictionary<ObjectKey, byte[]> rows = table.Rows;
            if (at is { } past && past != _version)
            {
                CheckReach(table, past);
                rows = new SortedDictionary<ObjectKey, byte[]>(table.Rows, ObjectKey.Order);
                foreach (var change in table.Log.After(past).Reverse())
                {
                    var key = new ObjectKey(change.Id.Namespace, change.Id.Name);
                    if (change.Previous is null)
                    {
                        rows.Remove(key);
                    }
                    else
                    {
                        rows[key] = change.Previous;
                    }
                }
            }

            var chosen = @namespace is null
                ? rows.Values
                : rows.Where(row => row.Key.Namespace == @namespace).Select(row => row.Value);
            return ([.. chosen], at ?? _version);
        }
    }

    /// <inheritdoc/>
    public JsonObject Create(ResourceId id, JsonObject value)
    {
        var made = value.Copy();
        var metadata = made.Metadata();
        metadata["name"] = id.Name;
        if (id.Namespace.Length > 0)
        {
            metadata["namespace"] = id.Namespace;
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Stamp(time.GetUtcNow());
        metadata["generation"] = 1;
        ObjectMetadata.Strip(made);
        lock (_lock)
        {
            var table = TableOf(id.Type);
            if (table.Rows.ContainsKey(new(id.Namespace, id.Name)))
            {
                throw StoreErrors.AlreadyExists(id);
            }

            return Commit(table, StoreEventKind.Added, id, made, previous: null);
        }
    }

    /// <inheritdoc/>
    public JsonObject Update(ResourceId id, Func<JsonObject, JsonObject?> change)
    {
        lock (_lock)
        {
            var table = TableOf(id.Type);
            if (!table.Rows.TryGetValue(new(id.Namespace, id.Name), out var stored))
            {
                throw StoreErrors.NotFound(id);
            }

            var before = _parsed.Copy(stored);
            var after = change(_parsed.Copy(stored))?.Copy();
            if (after is null)
            {
                return before;
            }

            var asked = after.Text("metadata", "resourceVersion");
            if (!string.IsNullOrEmpty(asked) && asked != before.Text("metadata", "resourceVersion"))
            {
                throw StoreErrors.Conflict(id);
            }

            ObjectMetadata.Keep(before, after);
            ObjectMetadata.Strip(after);
            if (ObjectMetadata.IsEnded(id.Type, after))
            {
                return Commit(table, StoreEventKind.Deleted, id, after, stored);
            }

            if (JsonNode.DeepEquals(before, after))
            {
                return before;
            }

            if (!JsonNode.DeepEquals(before["spec"], after["spec"]))
            {
                after.Metadata()["generation"] = (before.Number("metadata", "generation") ?? 0) + 1;
            }

            return Commit(table, StoreEventKind.Modified, id, after, stored);
        }
    }

    /// <inheritdoc/>
    public JsonObject Remove(ResourceId id, string? uid = null)
    {
        lock (_lock)
        {
            var table = TableOf(id.Type);
            if (!table.Rows.TryGetValue(new(id.Namespace, id.Name), out var stored))
            {
                throw StoreErrors.NotFound(id);
            }

            var last = _parsed.Copy(stored);
            if (uid is not null && uid != last.Uid())
            {
                throw StoreErrors.Conflict(id, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {last.Uid()}");
            }

            return Commit(table, StoreEventKind.Deleted, id, last, stored);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreEvent> WatchAsync(
        ResourceType type, string? @namespace, long fromVersion, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var position = fromVersion;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var (changes, upTo, next) = ChangesAfter(type, position);
            foreach (var change in changes)
            {
                if (@namespace is null || change.Id.Namespace == @namespace)
                {
                    yield return new(change.Kind, _parsed.Copy(change.Json), change.Version);
                }
            }

            position = upTo;
            await next.WaitAsync(cancellation);
        }
    }

    /// <summary>
    /// What changed after a version, up to which version that is all, and a task that ends at the next change.
    /// 410 when the history does not reach back that far, 504 for a version yet to come.
    /// </summary>
    public (IReadOnlyList<Change> Changes, long UpTo, Task Next) ChangesAfter(ResourceType type, long version)
    {
        lock (_lock)
        {
            var table = TableOf(type);
            CheckReach(table, version);
            return (table.Log.After(version), _version, table.Log.Next);
        }
    }

    /// <summary>Forgets a type's history up to now, as etcd's compaction does.</summary>
    public void Compact(ResourceType type)
    {
        lock (_lock)
        {
            TableOf(type).Log.Compact(_version);
        }
    }

    /// <summary>A time as Kubernetes writes it in metadata.</summary>
    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>What stored bytes hold, read anew; of this store's own objects <see cref="ParsedObjects"/> has it at hand.</summary>
    public static JsonObject Parse(byte[] json) => JsonNode.Parse(json)!.AsObject();

    private JsonObject Commit(Table table, StoreEventKind kind, ResourceId id, JsonObject value, byte[]? previous)
    {
        var version = ++_version;
        value.Metadata()["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        var json = value.ToUtf8Bytes();
        var key = new ObjectKey(id.Namespace, id.Name);
        if (kind == StoreEventKind.Deleted)
        {
            table.Rows.Remove(key);
        }
        else
        {
            table.Rows[key] = json;
        }

        table.Log.Add(new(version, kind, id, json, previous));
        return _parsed.Copy(json);
    }

    private void CheckReach(Table table, long version)
    {
        if (version > _version)
        {
            throw StoreErrors.TooLarge(version, _version);
        }

        if (version < table.Log.Floor)
        {
            throw StoreErrors.Expired(version, table.Log.Floor);
        }
    }

    private Table TableOf(ResourceType type)
    {
        if (!_tables.TryGetValue(type, out var table))
        {
            table = new(new(ObjectKey.Order), new(historyPerType));
            _tables[type] = table;
        }

        return table;
    }

    private sealed record Table(SortedDictionary<ObjectKey, byte[]> Rows, ChangeLog Log);
}

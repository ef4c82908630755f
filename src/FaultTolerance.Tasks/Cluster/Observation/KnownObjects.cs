using FaultTolerance.Cluster.Api;

namespace FaultTolerance.Cluster.Observation;

/// <summary>What a watch knows of a collection, and what a list or an event changes in that.</summary>
/// <typeparam name="T">The objects' type.</typeparam>
internal sealed class KnownObjects<T>
    where T : class
{
    private readonly Dictionary<string, ListedItem<T>> _known = new(StringComparer.Ordinal);

    /// <summary>Takes a list in.</summary>
    public IReadOnlyList<ResourceChange<T>> Take(ListedCollection<T> listed)
    {
        var changes = Difference(listed).ToList();
        foreach (var change in changes)
        {
            if (change.Kind == ChangeKind.Deleted)
            {
                _known.Remove(change.Key);
            }
        }

        foreach (var item in listed.Items)
        {
            _known[item.Key] = item;
        }

        return changes;
    }

    /// <summary>How many objects of a list are others than those that are known.</summary>
    public int Differences(ListedCollection<T> listed) => Difference(listed).Count();

    /// <summary>Takes an event in; null where it changes nothing.</summary>
    public ResourceChange<T>? Take(WatchItem seen)
    {
        if (seen.Type is not ("ADDED" or "MODIFIED" or "DELETED"))
        {
            return null;
        }

        var item = KubeJson.Named<T>(seen.Object);
        if (seen.Type == "DELETED")
        {
            _known.Remove(seen.ObjectKey);
            return new ResourceChange<T>(ChangeKind.Deleted, item, seen.ObjectKey);
        }

        var was = _known.ContainsKey(seen.ObjectKey);
        _known[seen.ObjectKey] = new ListedItem<T>(seen.ObjectKey, seen.Version ?? "", item);
        return new ResourceChange<T>(was ? ChangeKind.Modified : ChangeKind.Added, item, seen.ObjectKey);
    }

    private IEnumerable<ResourceChange<T>> Difference(ListedCollection<T> listed)
    {
        var keys = listed.Items.Select(i => i.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, gone) in _known.Where(k => !keys.Contains(k.Key)))
        {
            yield return new ResourceChange<T>(ChangeKind.Deleted, gone.Object, key);
        }

        foreach (var item in listed.Items)
        {
            var was = _known.TryGetValue(item.Key, out var before);
            if (!was || before.Version != item.Version)
            {
                yield return new ResourceChange<T>(was ? ChangeKind.Modified : ChangeKind.Added, item.Object, item.Key);
            }
        }
    }
}

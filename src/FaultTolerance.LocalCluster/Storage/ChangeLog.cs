namespace FaultTolerance.LocalCluster.Storage;

/// <summary>One change of one object, as the history keeps it: the JSON after it and before it, never changed again.</summary>
/// <param name="Version">The store's version that the change made.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Id">Whose change it is.</param>
/// <param name="Json">UTF-8 JSON after the change; for a deletion, of the object as it was with the deletion's version.</param>
/// <param name="Previous">UTF-8 JSON before the change; null for an addition.</param>
internal sealed record Change(long Version, StoreEventKind Kind, ResourceId Id, byte[] Json, byte[]? Previous);

/// <summary>The last changes of one resource type, bounded. Not synchronised: its store's lock guards it.</summary>
/// <param name="capacity">How many changes are kept.</param>
internal sealed class ChangeLog(int capacity)
{
    private readonly List<Change> _changes = [];
    private TaskCompletionSource _next = NewSignal();

    /// <summary>Versions up to this one can no longer be watched from, except this one itself.</summary>
    public long Floor { get; private set; }

    /// <summary>Ends when the next change comes.</summary>
    public Task Next => _next.Task;

    /// <summary>Adds a change; its version is above all before.</summary>
    public void Add(Change change)
    {
        if (_changes.Count >= 2 * capacity)
        {
            // Half is dropped at once, so that dropping costs nothing per change.
            Floor = _changes[capacity - 1].Version;
            _changes.RemoveRange(0, capacity);
        }

        _changes.Add(change);
        var signal = _next;
        _next = NewSignal();
        signal.SetResult();
    }

    /// <summary>Forgets everything up to a version, as compaction does.</summary>
    public void Compact(long version)
    {
        Floor = Math.Max(Floor, version);
        _changes.RemoveRange(0, IndexAfter(version));
    }

    /// <summary>The changes after a version, oldest first.</summary>
    public IReadOnlyList<Change> After(long version)
    {
        var index = IndexAfter(version);
        return index == _changes.Count ? [] : _changes.GetRange(index, _changes.Count - index);
    }

    private int IndexAfter(long version)
    {
        int low = 0, high = _changes.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_changes[middle].Version <= version)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using System.Runtime;

namespace FaultTolerance.Results.Reading;

/// <summary>
/// Leaves the collector's background thread out until it is disposed. A run is read into a heap that only grows: a collection beside that
/// finds nothing to free, and what reads waits for it (a million attempts took 1.4 times as long). For a load it is the other way
/// round: there a collection has to go on beside the clients, so the setting is not the whole process's.
/// </summary>
internal readonly struct NoBackgroundCollection : IDisposable
{
    private readonly GCLatencyMode _before;

    private NoBackgroundCollection(GCLatencyMode before) => _before = before;

    /// <summary>
    /// Begins it. One within another ends with the first that began. One that overlaps another may lose it early, which costs time and
    /// nothing else.
    /// </summary>
    public static NoBackgroundCollection Begin()
    {
        var before = GCSettings.LatencyMode;
        GCSettings.LatencyMode = GCLatencyMode.Batch;
        return new(before);
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (_before != GCLatencyMode.Batch)
        {
            GCSettings.LatencyMode = _before;
        }
    }
}

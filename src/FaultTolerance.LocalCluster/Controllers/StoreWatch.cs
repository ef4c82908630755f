using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Lists a type and follows its changes; lists again when the history no longer reaches back.</summary>
internal static class StoreWatch
{
    /// <summary>Runs until cancelled.</summary>
    /// <param name="store">The store.</param>
    /// <param name="type">What to follow, in all namespaces.</param>
    /// <param name="listed">Gets everything there is, at the start and after each gap.</param>
    /// <param name="changed">Gets each change after that, in order.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(
        IObjectStore store,
        ResourceType type,
        Action<IReadOnlyList<JsonObject>> listed,
        Action<StoreEvent> changed,
        CancellationToken cancellation
    )
    {
        while (!cancellation.IsCancellationRequested)
        {
            var (items, version) = store.List(type, null);
            listed(items);
            try
            {
                await foreach (var change in store.WatchAsync(type, null, version, cancellation))
                {
                    changed(change);
                }
            }
            catch (StoreException e) when (e.Status == 410)
            {
                // The history was cut while we were behind: list again.
            }
        }
    }
}

using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Deployments;

/// <summary>
/// Removes graphs: first all deletes, then the waiting. Objects of the graph's names that are somebody else's stay as they are. Can be
/// called again at any time.
/// </summary>
/// <param name="session">Where.</param>
/// <param name="log">The runner's log, or null.</param>
/// <param name="waiting">Told what is waited for, when nothing has changed for a while; null for nobody.</param>
internal sealed class GraphRemover(ClusterSession session, TestLog? log = null, Action<string>? waiting = null)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterForce = TimeSpan.FromSeconds(30);

    // A pod that the watch shows for long after its owners have gone may be one that it has missed the end of.
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(5);
    private readonly OwnObjects _objects = new(session);

    /// <summary>
    /// Deletes the graph's objects and waits until they and its pods are gone. Pods that stay past the limit are deleted by force.
    /// </summary>
    /// <param name="watch">The graph's watch.</param>
    /// <param name="patience">How long pods may take to end by themselves.</param>
    /// <param name="cancellation">Ends the waiting; what was asked to be deleted goes on being deleted.</param>
    /// <exception cref="FaultMatrixException">FT0405: something stays even so.</exception>
    public async Task RemoveAsync(GraphWatch watch, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(watch);
        watch.ExpectRemoval();
        var order = watch.Graph.Kind.Owned.Select((owned, i) => (owned, i)).ToArray();
        var there = new List<OwnObject>();
        foreach (var made in watch.Graph.Objects.Where(o => !o.IsShared)
            .OrderBy(o => order.FirstOrDefault(p => p.owned.Is(o.Type), (order[0].owned, int.MaxValue)).Item2))
        {
            if (
                await _objects.FindAsync(made.Type, made.Name, cancellation) is { } item
                && await _objects.DeleteAsync(item, new Deletion(Foreground: true), cancellation)
            )
            {
                there.Add(item);
            }
        }

        if (there.Count == 0 && !watch.Pods.Any(IsOurs))
        {
            return;
        }

        log?.Info("ManagedDeployment", $"Deleting {watch.Graph.Name}");
        if (await WhenGoneAsync(watch, there, patience, cancellation))
        {
            return;
        }

        // Patience is over: by force.
        await Task.WhenAll(
            watch.Pods.Where(IsOurs).Select(p => session.DeleteAsync(ResourceType.Pods, p.Name, new Deletion(0, p.Uid), cancellation))
        );
        if (!await WhenGoneAsync(watch, there, AfterForce, cancellation))
        {
            var left = await LeftAsync(watch, there, cancellation);
            throw new FaultMatrixException(
                "FT0405",
                $"graph '{watch.Graph.Name}' cannot be removed: {(left.Count == 0 ? "it went only just now" : $"{string.Join(", ", left)} still there")}"
            );
        }
    }

    private static bool IsOurs(GraphPod pod) => GraphLabels.AreOfOurPod(pod.Object.Metadata.Labels);

    // False when the limit is over. It asks: a watch that says nothing would keep it waiting.
    private async Task<bool> WhenGoneAsync(
        GraphWatch watch,
        IReadOnlyList<OwnObject> there,
        TimeSpan patience,
        CancellationToken cancellation
    )
    {
        using var limit = new CancellationTokenSource(patience, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var notice = new WaitNotice(session.Time, waiting);
        var from = session.Time.GetTimestamp();
        try
        {
            while (await LeftAsync(watch, there, both.Token) is { Count: > 0 } left)
            {
                await notice.WaitingAsync(string.Join(", ", left), both.Token);
                if (session.Time.GetElapsedTime(from) > Doubt)
                {
                    watch.Doubt();
                }

                await Task.Delay(Look, session.Time, both.Token);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<string>> LeftAsync(GraphWatch watch, IReadOnlyList<OwnObject> there, CancellationToken cancellation)
    {
        var left = new List<string>();
        foreach (var item in there)
        {
            if (await TryFindAsync(item, cancellation) is { } still && still.Uid == item.Uid)
            {
                left.Add(still.Describe());
            }
        }

        left.AddRange(
            watch.Pods.Where(p => there.Count > 0 || IsOurs(p)).Select(p => $"Pod '{p.Name}' ({PodTroubles.Describe(p.Object)})")
        );
        return left;
    }

    // An API that fails for a moment ends no removal: the object counts as there until it is known to be gone.
    private async Task<OwnObject?> TryFindAsync(OwnObject item, CancellationToken cancellation)
    {
        try
        {
            return await _objects.FindAsync(item.Type, item.Name, cancellation);
        }
        catch (ClusterException e) when (e.IsTransient)
        {
            return item;
        }
    }
}

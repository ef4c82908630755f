using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;

namespace FaultTolerance.Deployments;

/// <summary>Removes by label what runs have made, and waits until it is gone.</summary>
/// <param name="session">Where.</param>
/// <param name="kinds">The kinds of graph whose types are looked at; null for all that there are.</param>
/// <param name="waiting">Told what is waited for, when nothing has changed for a while; null for nobody.</param>
internal sealed class LeftoverSweep(ClusterSession session, GraphKinds? kinds = null, Action<string>? waiting = null)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Deletes first and waits second, until no object with both of our labels is left.</summary>
    /// <param name="runId">The run; null for all.</param>
    /// <param name="patience">How long objects may take to go.</param>
    /// <param name="cancellation">Ends the waiting; what was asked to be deleted goes on being deleted.</param>
    /// <returns>What was asked to be deleted, <c>Kind/name</c>.</returns>
    /// <exception cref="FaultMatrixException">FT0405: something stays even so.</exception>
    public async Task<IReadOnlyList<string>> RemoveAsync(string? runId, TimeSpan patience, CancellationToken cancellation) =>
        await RemoveAsync(
            // The Job of a load first, which would make its pods again.
            [.. (await (kinds ?? GraphKinds.Default).OwnedTypesAsync(session, cancellation)).Prepend(ResourceType.Jobs).Distinct()],
            runId, patience, cancellation);

    /// <summary>The same of what a run's rows share (<see cref="GraphObject.IsShared"/>): when none of them needs it any more.</summary>
    public Task<IReadOnlyList<string>> RemoveSharedAsync(string runId, TimeSpan patience, CancellationToken cancellation) =>
        RemoveAsync([ResourceType.Claims], runId, patience, cancellation);

    private async Task<IReadOnlyList<string>> RemoveAsync(
        IReadOnlyList<ResourceType> types, string? runId, TimeSpan patience, CancellationToken cancellation)
    {
        var objects = new OwnObjects(session);
        var removed = new List<OwnObject>();
        foreach (var type in types)
        {
            // One type after the other: what an owner has taken with it is not asked for again.
            foreach (var item in await objects.FindAsync([type], runId, cancellation))
            {
                var force = type == ResourceType.Pods && item.IsTerminating;
                if (await objects.DeleteAsync(item, new Deletion(force ? 0 : null), cancellation))
                {
                    removed.Add(item);
                }
            }
        }

        if (removed.Count > 0)
        {
            // Pods in any case: an owner that is gone may still have some. Of the rest only what was there, as more may not be allowed.
            await WhenNoneAsync(
                objects,
                [.. types.Where(t => t == ResourceType.Pods || removed.Any(r => r.Type == t))],
                runId,
                patience,
                cancellation
            );
        }

        return [.. removed.Select(r => r.ToString())];
    }

    private async Task WhenNoneAsync(
        OwnObjects objects,
        IReadOnlyList<ResourceType> types,
        string? runId,
        TimeSpan patience,
        CancellationToken cancellation
    )
    {
        using var limit = new CancellationTokenSource(patience, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var told = new WaitNotice(session.Time, waiting);
        IReadOnlyList<OwnObject> left = [];
        try
        {
            while ((left = await objects.FindAsync(types, runId, both.Token)).Count > 0)
            {
                await told.WaitingAsync(Describe(left), both.Token);
                await Task.Delay(Look, session.Time, both.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0405",
                $"{Describe(left)} in namespace '{session.Namespace}' did not go within {patience.TotalSeconds:0} s; see what holds them, then run ./build.sh Teardown again"
            );
        }
    }

    private static string Describe(IReadOnlyList<OwnObject> left) =>
        left.Count == 0 ? "what was deleted" : string.Join(", ", left.Select(l => l.Describe()));
}

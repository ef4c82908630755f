using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>What a fault waits for that comes when those before it are over.</summary>
internal static class FaultsBefore
{
    /// <summary>Waits for the end of the faults before, and where asked until every service has all its replicas ready.</summary>
    /// <param name="scene">Where.</param>
    /// <param name="before">The faults before; each has its own limits.</param>
    /// <param name="start">What is waited for.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="FaultMatrixException">FT0626: the replicas are not ready in time.</exception>
    public static async Task EndAsync(FaultScene scene, IEnumerable<Task> before, FaultStart start, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scene);
        await Task.WhenAll(before).WaitAsync(cancellation);
        if (start != FaultStart.Ready)
        {
            return;
        }

        using var limit = new CancellationTokenSource(scene.Options.ReadyTimeout, scene.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await scene.Watch.WhenAsync(
                pods => scene.Watch.Graph.Services.All(s => pods.Count(pod => pod.Service == s && pod.IsReady) >= s.Replicas) ? "ready"
                    : null,
                both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0626", $"not all replicas are ready {scene.Options.ReadyTimeout.TotalSeconds:0} s after the faults before; those "
                    + "after are left out");
        }
    }
}

using FaultTolerance.Faults.Waiting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>What a fault waits for that comes when those before it are over.</summary>
internal static class FaultsBefore
{
    /// <summary>Waits for the end of the faults before, and where asked until every service has all its replicas ready.</summary>
    /// <param name="scene">Where.</param>
    /// <param name="before">The faults before; each has its own limits.</param>
    /// <param name="fault">The fault that waits.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="FaultMatrixException">FT0626: the replicas are not ready in time. FT0641: it did not come within the time that the
    /// step gives.</exception>
    public static async Task EndAsync(FaultScene scene, IEnumerable<Task> before, Fault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.Awaited?.Within is not { } within)
        {
            await EndAsync(scene, before, fault.When, cancellation);
            return;
        }

        using var limit = new CancellationTokenSource(within, scene.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await EndAsync(scene, before, fault.When, both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw FaultWait.InVain(within, fault);
        }
    }

    private static async Task EndAsync(FaultScene scene, IEnumerable<Task> before, FaultStart start, CancellationToken cancellation)
    {
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

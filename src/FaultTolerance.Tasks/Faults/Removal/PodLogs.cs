using FaultTolerance.Artefacts.Events;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Faults.Removal;

/// <summary>Saves the logs of a pod that will be gone.</summary>
internal static class PodLogs
{
    /// <summary>
    /// Has them saved within <see cref="FaultOptions.BeforeDeleteTimeout"/>; that they could not be is told, and holds no fault up.
    /// </summary>
    public static async Task SaveAsync(FaultScene scene, GraphPod pod, CancellationToken cancellation)
    {
        if (scene.Options.BeforeDelete is not { } save)
        {
            return;
        }

        var time = scene.Options.BeforeDeleteTimeout;
        using var limit = new CancellationTokenSource(time, scene.Session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await save(pod, ends.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var message = $"the logs of pod '{pod.Name}' could not be saved within {time.TotalSeconds:0.#} s before its deletion";
            scene.Log.Error(FaultContext.Log, message);
            scene.Timeline.Write(new ErrorNoted("FT0707", message));
        }
    }
}

using FaultTolerance.Faults.Processes;

namespace FaultTolerance.Faults;

/// <summary>
/// Waits between two pods of a fault that goes from pod to pod: until the one that was hit is ready again and the model answers.
/// </summary>
internal static class PodBack
{
    // A worker that does not see its engine's end stays ready, and its container never restarts.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    /// <summary>Returns when it is back, or <see cref="FaultOptions.NextPodTimeout"/> is over; that it is not is told in the log.</summary>
    /// <param name="scene">Where.</param>
    /// <param name="target">What was hit, as it was before.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task WaitAsync(FaultScene scene, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(target);
        using var limit = new CancellationTokenSource(scene.Options.NextPodTimeout, scene.Session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await ReadyAsync(scene, target, ends.Token);
            await (scene.Options.ModelAnswers?.Invoke(ends.Token) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            scene.Log.Info(
                FaultContext.Log,
                $"{target.Name} is not back within {scene.Options.NextPodTimeout.TotalSeconds:0.#} s; the fault goes on to the next "
                    + "pod all the same");
        }
    }

    private static async Task ReadyAsync(FaultScene scene, PodTarget target, CancellationToken cancellation)
    {
        var before = Restarts(target, target.Pod);
        using var settled = new CancellationTokenSource(Settled, scene.Session.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, settled.Token);
        try
        {
            await scene.Watch.WhenAsync(_ => scene.Watch.Find(target.Pod.Uid) is not { IsReady: true } pod
                || Restarts(target, pod) > before ? target : null, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return;
        }

        // One that is gone is replaced by another, which is the service's concern.
        await scene.Watch.WhenAsync(_ => scene.Watch.Find(target.Pod.Uid) is not { } pod
            || (pod.IsReady && Restarts(target, pod) > before) ? target : null, cancellation);
    }

    private static int Restarts(PodTarget target, Graphs.Pods.GraphPod pod) =>
        target.Pod.Object.Spec.Containers.Sum(c => ContainerEnded.Status(target with { Container = c.Name }, pod)?.RestartCount ?? 0);
}

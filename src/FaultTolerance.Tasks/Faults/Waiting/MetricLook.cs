using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Waiting;

/// <summary>Looks whether a metric of any pod of a service is within bounds.</summary>
/// <param name="scene">Where.</param>
/// <param name="awaited">The service, the metric and the bounds.</param>
internal sealed class MetricLook(FaultScene scene, Awaited awaited)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Whether it is now.</summary>
    /// <exception cref="FaultMatrixException">FT0641: nobody here can ask for metrics.</exception>
    public async Task<bool> IsThereAsync(CancellationToken cancellation)
    {
        var ask = scene.Options.Metrics
            ?? throw new FaultMatrixException("FT0641", "'when' waits for a metric, and there is no way to the pods' metrics");
        foreach (var pod in scene.Watch.Pods.Where(pod => Glob.Matches(awaited.Service, pod.Service.Name)).ToList())
        {
            if (await IsThereAsync(ask, pod, cancellation))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> IsThereAsync(
        Func<GraphPod, CancellationToken, Task<string>> ask, GraphPod pod, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, scene.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return (await ask(pod, both.Token)).Split('\n').Select(Exposition.Sample).Any(sample =>
                sample is { } found && Exposition.Matches(found.Series, awaited.Metric!)
                && found.Value >= (awaited.AtLeast ?? double.NegativeInfinity)
                && found.Value <= (awaited.AtMost ?? double.PositiveInfinity));
        }
        catch (Exception e) when (e is IOException or HttpRequestException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // A pod that is down or slow tells nothing now; the wait has its limit.
            return false;
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using k8s.Models;

namespace FaultTolerance.Faults.Workloads;

/// <summary>A change that gives a service new pods, one after the other or however its controller does it, seen to its end.</summary>
/// <param name="context">The fault.</param>
/// <param name="service">The service.</param>
/// <param name="places">Where it stands.</param>
internal sealed class Rollout(FaultContext context, GraphService service, ServicePlaces places)
{
    private const int LongestSaid = 300;
    private readonly Lock _gate = new();
    private int _fewest = int.MaxValue;

    /// <summary>Makes the change and waits until every pod is new and ready. It has landed when the first new pod was seen.</summary>
    /// <param name="path">Where.</param>
    /// <param name="value">What.</param>
    /// <param name="isNew">Whether a pod that was not there before is as it should be.</param>
    /// <param name="cancellation">Stops waiting; the change stays.</param>
    /// <exception cref="FaultMatrixException">FT0606: it did not come to its end; with what is there.</exception>
    public async Task<FaultProof> RunAsync(
        IReadOnlyList<string> path, JsonNode value, Func<GraphPod, bool> isNew, CancellationToken cancellation)
    {
        var before = Own(context.Watch.Pods).Select(pod => pod.Uid).ToHashSet(StringComparer.Ordinal);
        var replicas = before.Count;
        context.Watch.OnPods(Count);
        context.Say($"{context.Kind.Words.PlanShort(context.Fault)}: {places.Object.Type.Kind} {places.Object.Name}");
        var issued = context.Write(new FaultIssued());
        var generation = await ObjectChange.ApplyAsync(context.Session, places.Object, path, value, cancellation);
        using var limit = new CancellationTokenSource(context.Options.RolloutTimeout, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var first = await context.Watch.WhenAsync(
                pods => Own(pods).FirstOrDefault(pod => !before.Contains(pod.Uid) && isNew(pod)), both.Token);
            var at = context.Timeline.Clock.Now;
            var done = await context.Watch.WhenAsync(pods => Done([.. Own(pods)], before, replicas, isNew), both.Token);
            var took = (context.Timeline.Clock.Now - issued).TotalSeconds;
            var said = await PlatformAsync(cancellation);
            var proof = string.Create(
                CultureInfo.InvariantCulture,
                $"{done}, the first {first.Name}, after {took:0.0} s; fewest ready meanwhile {_fewest}; generation {generation}")
                + (said is null ? "" : $"; the platform says {said}");
            context.Write(new FaultLanded { Proof = proof, Rollout = Told(took, before, isNew) with { Platform = said } }, at);
            return new FaultProof(issued, at, proof);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var pods = Own(context.Watch.Pods).ToArray();
            var said = await PlatformAsync(cancellation);
            throw new FaultMatrixException(
                "FT0606",
                $"service '{service.Name}' has not all new pods within {context.Options.RolloutTimeout.TotalSeconds:0} s: "
                + $"{pods.Count(pod => !before.Contains(pod.Uid))} new of {pods.Length}; "
                + (said is null ? "the platform may refuse the change, see its events" : $"the platform says {said}"));
        }
    }

    private static string? Done(GraphPod[] pods, HashSet<string> before, int replicas, Func<GraphPod, bool> isNew)
    {
        var restarts = pods.Sum(pod => pod.MainStatus?.RestartCount ?? 0);
        return pods.Length >= replicas && pods.All(pod => !before.Contains(pod.Uid) && pod.IsReady && isNew(pod))
            ? string.Create(CultureInfo.InvariantCulture, $"all {pods.Length} pods are new and ready, restarts {restarts}") : null;
    }

    private RolloutTold Told(double took, HashSet<string> before, Func<GraphPod, bool> isNew)
    {
        var pods = Own(context.Watch.Pods).ToList();
        var fresh = pods.Count(pod => !before.Contains(pod.Uid) && isNew(pod));
        lock (_gate)
        {
            var restarts = pods.Sum(pod => pod.MainStatus?.RestartCount ?? 0);
            return new(took, _fewest == int.MaxValue ? null : _fewest, fresh, pods.Count - fresh, restarts);
        }
    }

    // Dynamo's operator says so where Grove or several nodes of a replica roll the pods, and not itself.
    private async Task<string?> PlatformAsync(CancellationToken cancellation)
    {
        try
        {
            var events = await context.Session.ListAsync<Corev1Event>(ResourceType.Events, default, cancellation);
            return events.FirstOrDefault(item => item.Type == "Warning" && item.InvolvedObject?.Name == places.Object.Name
                && item.Reason?.Contains("NotSupported", StringComparison.Ordinal) == true) is { } told
                ? $"{told.Reason}: {ForeignText.Line(told.Message, LongestSaid)}" : null;
        }
        catch (ClusterException e)
        {
            return $"nothing that could be read ({e.Code})";
        }
    }

    private IEnumerable<GraphPod> Own(IReadOnlyList<GraphPod> pods) => pods.Where(pod => pod.Service == service);

    private void Count(IReadOnlyList<GraphPod> pods)
    {
        lock (_gate)
        {
            _fewest = Math.Min(_fewest, Own(pods).Count(pod => pod.IsReady));
        }
    }
}

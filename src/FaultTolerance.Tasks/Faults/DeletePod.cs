using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>
/// Deletes the pod through the API with grace 0, by its uid. Proof: that uid is gone, or all its containers have ended, and another pod of
/// the service, younger than the order, is there in its place.
/// </summary>
public sealed class DeletePod : IFaultKind
{
    /// <inheritdoc/>
    public FaultKind Kind => FaultKind.DeletePod;

    /// <inheritdoc/>
    public string Command(Fault fault) => "delete_pod";

    /// <inheritdoc/>
    public async Task<FaultProof> InjectAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var pod = context.Pod;
        var others = context.Watch.Pods.Select(p => p.Uid).ToHashSet(StringComparer.Ordinal);
        context.Log.Info("test_fault_scenario", $"Deleting {pod.Service.Name} Pod {pod.Name}");
        var issued = FaultEvents.Write(context, new FaultIssued(), "", [], null);
        if (!await context.Session.DeleteAsync(ResourceType.Pods, pod.Name, new Deletion(0, pod.Uid), cancellation))
        {
            throw new FaultMatrixException("FT0610", $"pod '{pod.Name}' was gone before it could be deleted");
        }

        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var missing = $"the end of pod '{pod.Name}' (uid {pod.Uid})";
        try
        {
            var end = await context.Watch.WhenAsync(_ => EndOf(context.Watch.Find(pod.Uid)), ends.Token);
            var landed = context.Timeline.Clock.Now;
            missing = $"a pod in the place of '{pod.Name}'";
            var next = await context.Watch.WhenAsync(pods => pods.FirstOrDefault(p => p.Service == pod.Service && !others.Contains(p.Uid)), ends.Token);
            var proof = $"{end}; replaced by {next.Name} (uid {next.Uid})";
            FaultEvents.Write(context, new FaultLanded(), "", [], proof, landed);
            FaultEvents.Write(context, new FaultReplaced { NewPod = next.Name, NewUid = next.Uid }, "", [], null);
            return new FaultProof(issued, landed, proof, []);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException("FT0606", $"no proof within {context.Options.ProofTimeout.TotalSeconds:0.#} s of {missing}");
        }
    }

    private static string? EndOf(GraphPod? pod)
    {
        if (pod is null)
        {
            return "uid gone from the API";
        }

        // A kubelet may report the end of containers long before it lets go of the pod.
        var states = pod.Object.Status?.ContainerStatuses;
        return pod.IsTerminating && states is { Count: > 0 } && states.All(s => s.State?.Terminated is not null) ? "terminating, all containers ended" : null;
    }
}

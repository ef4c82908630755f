using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.DeletePod;

/// <summary>
/// Deletes the pod through the API with grace 0, by its uid. Proof: that uid is gone, or all its containers have ended, and another pod of
/// the service, younger than the order, is there in its place. Every run may delete pods, as it removes its graphs.
/// </summary>
internal sealed class DeletePodKind : PodFaultKind<DeletePodFault>
{
    /// <inheritdoc/>
    public override string Kind => DeletePodFault.Word;

    /// <inheritdoc/>
    public override string Summary => "deletes the pod with grace 0";

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new DeletePodWords();

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = [new("delete", "", "pods")];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item) => new DeletePodFault();

    /// <inheritdoc/>
    public override Task PrepareAsync(FaultScene scene, FaultTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        return PodLogs.SaveAsync(scene, ((PodTarget)target).Pod, cancellation);
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(FaultContext context, DeletePodFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        var pod = target.Pod;
        var others = context.Watch.Pods.Select(p => p.Uid).ToHashSet(StringComparer.Ordinal);
        context.Say($"Deleting {pod.Service.Name} Pod {pod.Name}");
        var issued = context.Write(new FaultIssued());
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
            context.Write(new FaultLanded { Proof = proof }, landed);
            context.Write(new FaultReplaced { NewPod = next.Name, NewUid = next.Uid });
            return new FaultProof(issued, landed, proof);
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

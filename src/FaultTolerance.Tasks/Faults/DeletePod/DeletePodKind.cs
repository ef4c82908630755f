using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs.Transport;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.DeletePod;

/// <summary>
/// Deletes the pod through the API with grace 0, by its uid. Proof: it has ended (<see cref="PodEnd"/>), and another pod of the service,
/// younger than the order, is there in its place and in no other's.
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
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, DeletePodFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        var pod = target.Pod;
        await using var line = await PodLine.OpenAsync(context.Session, pod, cancellation);
        await using var silence = await PodSilence.BeginAsync(context, pod, line, cancellation);
        var end = new PodEnd(context, pod, line, silence);
        if (context.Watch.Find(pod.Uid) is null)
        {
            throw new FaultMatrixException("FT0610", $"pod '{pod.Name}' was gone before it could be deleted");
        }

        var others = context.Watch.Pods.Select(p => p.Uid).ToHashSet(StringComparer.Ordinal);
        context.Say($"Deleting {pod.Service.Name} Pod {pod.Name}");
        var issued = context.Write(new FaultIssued());

        // It was there: where the API says that it is not, the answer to the order was lost and this is that to its repetition.
        var answered = await context.Session.DeleteAsync(ResourceType.Pods, pod.Name, new Deletion(0, pod.Uid), cancellation);
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var replacing = false;
        try
        {
            var landing = await end.WaitAsync(ends.Token);
            replacing = true;
            var next = await context.Watch.WhenAsync(
                pods =>
                    pods.Where(p => p.Service == pod.Service && !others.Contains(p.Uid))
                        .FirstOrDefault(p => context.Scene.Replaces(p.Uid, pod.Uid)),
                ends.Token
            );
            var lost = answered ? "" : "; the API answered that it was not there, as to an order that it had carried out already";
            var proof = $"{landing.Proof}; replaced by {next.Name} (uid {next.Uid}){lost}";
            context.Write(new FaultLanded { Proof = proof }, landing.At);
            context.Write(new FaultReplaced { NewPod = next.Name, NewUid = next.Uid });
            return new FaultProof(issued, landing.At, proof);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0606",
                $"no proof within {context.Options.ProofTimeout.TotalSeconds:0.#} s of {(replacing ? $"a pod in the place of '{pod.Name}'" : end.Missing)}"
            );
        }
    }
}

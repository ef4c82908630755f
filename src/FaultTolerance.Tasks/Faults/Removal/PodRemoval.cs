using FaultTolerance.Artefacts.Events;
using FaultTolerance.Graphs.Transport;

namespace FaultTolerance.Faults.Removal;

/// <summary>
/// The way of every order that takes a pod away. Proof: it has ended (<see cref="PodEnd"/>), and another pod of the service, younger than
/// the order, is there in its place and in no other's.
/// </summary>
internal static class PodRemoval
{
    /// <summary>Gives the order and waits for the proof.</summary>
    /// <param name="context">The fault.</param>
    /// <param name="target">The pod.</param>
    /// <param name="patience">How long the proof may take.</param>
    /// <param name="order">The order; false where the API says that the pod is not there.</param>
    /// <param name="cancellation">Stops waiting; the order is not taken back.</param>
    /// <param name="timed">Whether the proof tells how long the end took.</param>
    /// <exception cref="FaultMatrixException">FT0606: no proof came. FT0610: it was gone before.</exception>
    public static async Task<FaultProof> RunAsync(
        FaultContext context, PodTarget target, TimeSpan patience, Func<Task<bool>> order, CancellationToken cancellation,
        bool timed = false)
    {
        ArgumentNullException.ThrowIfNull(order);
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
        var answered = await order();
        using var limit = new CancellationTokenSource(patience, context.Session.Time);
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
            var took = timed ? FormattableString.Invariant($" {(landing.At - issued).TotalSeconds:0.0} s after the order") : "";
            var proof = $"{landing.Proof}{took}; replaced by {next.Name} (uid {next.Uid}){lost}";
            context.Write(new FaultLanded { Proof = proof }, landing.At);
            context.Write(new FaultReplaced { NewPod = next.Name, NewUid = next.Uid });
            return new FaultProof(issued, landing.At, proof);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0606",
                $"no proof within {patience.TotalSeconds:0.#} s of {(replacing ? $"a pod in the place of '{pod.Name}'" : end.Missing)}"
            );
        }
    }
}

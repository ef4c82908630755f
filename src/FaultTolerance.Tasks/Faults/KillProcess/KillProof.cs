using FaultTolerance.Cluster;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Graphs.Pods;
using k8s.Models;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>Sends the signal and sees its effect, in the container or by the pod's status, whichever tells first.</summary>
internal static class KillProof
{
    /// <summary>When the processes were seen to be gone, and how.</summary>
    /// <exception cref="FaultMatrixException">FT0606, FT0607, FT0612: they were not ended, or not by this.</exception>
    public static async Task<(DateTimeOffset Landed, string Proof)> WaitAsync(
        FaultContext context, PodTarget target, string shell, IReadOnlyList<ContainerProcess> processes, string signal, V1ContainerStatus? before, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var died = ContainerDiedAsync(context, target, before, ends.Token);
        var gone = ProcessesGoneAsync(context, target, shell, processes, signal, ends.Token);
        try
        {
            var first = await Task.WhenAny(gone, died);

            // A broken exec is what the container's own end looks like; then only the pod's status can tell.
            return first == gone && (gone.IsCompletedSuccessfully || gone.Exception?.InnerException is not ClusterException) ? await gone : await died;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0606",
                $"no proof within {context.Options.ProofTimeout.TotalSeconds:0.#} s that {signal} ended "
                + $"{string.Join(", ", processes.Select(t => $"PID {t.Pid} '{t.CommandLine}'"))} in pod '{target.Name}'");
        }
        finally
        {
            await ends.CancelAsync();
            await Task.WhenAll(Quiet(gone), Quiet(died));
        }
    }

    private static async Task<(DateTimeOffset Landed, string Proof)> ProcessesGoneAsync(
        FaultContext context, PodTarget target, string shell, IReadOnlyList<ContainerProcess> processes, string signal, CancellationToken cancellation)
    {
        var left = processes.ToDictionary(t => t.Pid);
        var landed = context.Timeline.Clock.Now;
        var sent = 0;
        string? failed = null;
        void OnLine(string line)
        {
            var word = line.Split(' ');
            if (word is ["gone" or "zombie" or "vanished", var pid] && int.TryParse(pid, out var number) && left.Remove(number))
            {
                landed = context.Timeline.Clock.Now;
            }
            else if (word[0] == "sent")
            {
                sent++;
            }
            else if (word[0] == "failed")
            {
                failed = line;
            }
        }

        var command = KillScript.KillCommand(signal, processes);
        while (true)
        {
            var result = await context.Session.Exec.RunAsync(target.Name, shell, command, context.Options.ExecTimeout, cancellation, OnLine);
            if (left.Count == 0 && sent == 0)
            {
                throw new FaultMatrixException("FT0612", $"the processes to kill in pod '{target.Name}' ended by themselves before {signal} was sent");
            }

            if (left.Count == 0)
            {
                return (landed, $"process gone (PID {string.Join(", ", processes.Select(t => t.Pid))}, start {string.Join(", ", processes.Select(t => t.Start))})");
            }

            if (failed is not null)
            {
                throw new FaultMatrixException("FT0607", $"pod '{target.Name}' does not let us send {signal}: {failed}; the container's user may not");
            }

            if (result.ExitCode is null)
            {
                throw new ClusterException("FT0312", result.Failure ?? "the connection to the container broke");
            }

            // Signal 0 only asks: it was sent once, and what is left is on its way out.
            command = KillScript.KillCommand("0", left.Values);
        }
    }

    private static async Task<(DateTimeOffset Landed, string Proof)> ContainerDiedAsync(
        FaultContext context, PodTarget target, V1ContainerStatus? before, CancellationToken cancellation)
    {
        var proof = await context.Watch.WhenAsync(_ => ProofOfDeath(before, context.Watch.Find(target.Pod.Uid)), cancellation);
        return (context.Timeline.Clock.Now, proof);
    }

    private static string? ProofOfDeath(V1ContainerStatus? before, GraphPod? pod)
    {
        if (pod is null)
        {
            return "the pod is gone";
        }

        var now = pod.MainStatus;
        if (now is null || before is null)
        {
            return null;
        }

        if (now.RestartCount > before.RestartCount || now.ContainerID != before.ContainerID)
        {
            var ended = now.LastState?.Terminated;
            return $"container restarted ({before.RestartCount} -> {now.RestartCount}; {ended?.Reason}, exit code {ended?.ExitCode})";
        }

        return now.State?.Terminated is { } terminated ? $"container ended ({terminated.Reason}, exit code {terminated.ExitCode})" : null;
    }

    private static async Task Quiet(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or FaultMatrixException or ObjectDisposedException)
        {
            // The other way of proof has told already what there is to tell.
        }
    }
}

using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Channels;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using k8s.Models;

namespace FaultTolerance.Faults;

/// <summary>
/// Sends a signal to processes in the pod's main container, through exec and the container's own shell, or where it has none through that
/// of an ephemeral container. Proof: the process, known by PID and start time, is gone; or its container has ended, as the pod's status says.
/// </summary>
public sealed class KillProcess : IFaultKind
{
    private const string Interrupt = "SIGINT";
    private const int LongestList = 20;

    /// <inheritdoc/>
    public FaultKind Kind => FaultKind.KillProcess;

    /// <inheritdoc/>
    public string Command(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.Process ?? "";
    }

    /// <inheritdoc/>
    public async Task<FaultProof> InjectAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var before = context.Watch.Find(context.Pod.Uid)?.MainStatus ?? context.Pod.MainStatus;
        var (shell, targets) = await FindAsync(context, cancellation);
        var (signal, note) = Choose(context, targets);
        if (shell != context.Pod.MainContainer.Name)
        {
            note += $"; sent from ephemeral container {shell}";
        }

        foreach (var target in targets)
        {
            context.Log.Info("test_fault_scenario", $"Terminating {context.Pod.Service.Name} Pid {target.Pid} Command {target.CommandLine}");
            context.Log.Info("test_fault_scenario", $"Killing PID {target.Pid} with {signal}{note}");
        }

        var issued = FaultEvents.Write(context, new FaultIssued { Note = note.TrimStart(' ', ';') }, signal, targets, null);
        ReportEnd(context);
        var (landed, proof) = await ProveAsync(context, shell, targets, signal, before, cancellation);
        var text = proof + note;
        FaultEvents.Write(context, new FaultLanded(), signal, targets, text, landed);
        return new FaultProof(issued, landed, text, targets);
    }

    private static async Task<(string Shell, IReadOnlyList<ContainerProcess> Targets)> FindAsync(FaultContext context, CancellationToken cancellation)
    {
        var pattern = context.Fault.Process ?? throw new FaultMatrixException("FT0603", $"failure '{context.Failure}' kills, but names no process");
        var shell = context.Pod.MainContainer.Name;
        var (result, lines, processes) = await ListAsync(context, shell, cancellation);
        if (processes.Length == 0 && HasNoShell(result))
        {
            shell = await EphemeralShell.OpenAsync(context, cancellation);
            (result, lines, processes) = await ListAsync(context, shell, cancellation);
        }

        if (processes.Length == 0)
        {
            throw new FaultMatrixException("FT0609", $"the processes of pod '{context.Pod.Name}' cannot be listed: {Said(result)}");
        }

        if (ProcessMatch.SeesItsNode(processes))
        {
            throw new FaultMatrixException(
                "FT0613",
                $"pod '{context.Pod.Name}' sees the processes of its node (hostPID, or a local cluster on a machine that gives no PID namespaces): a kill by name could hit those of others; use pod deletion");
        }

        var found = ProcessMatch.Find(processes, pattern, joined: lines.Contains("T", StringComparer.Ordinal));
        return found.Count > 0 ? (shell, found) : throw new FaultMatrixException(
            "FT0604",
            $"no process of pod '{context.Pod.Name}' (container '{context.Pod.MainContainer.Name}') has '{pattern}' in its command line; it runs: "
            + string.Join(" | ", ProcessMatch.Others(processes).Where(p => !p.IsZombie).Take(LongestList).Select(p => $"{p.Pid} {p.CommandLine}")));
    }

    private static async Task<(ExecResult Result, string[] Lines, ContainerProcess[] Processes)> ListAsync(FaultContext context, string shell, CancellationToken cancellation)
    {
        var result = await ExecAsync(context, shell, KillScript.ListCommand, null, cancellation);
        var lines = result.Output.Split('\n');
        return (result, lines, [.. lines.Select(ContainerProcess.Parse).OfType<ContainerProcess>()]);
    }

    // A kill is proven long before the kubelet tells of the container: its end is added when it comes, and holds nothing up.
    private static void ReportEnd(FaultContext context)
    {
        var told = 0;
        context.Watch.OnTransition((pod, transition) =>
        {
            if (transition.Change == PodChange.ContainerTerminated && pod.Uid == context.Pod.Uid && transition.Container == context.Pod.MainContainer.Name
                && Interlocked.Exchange(ref told, 1) == 0)
            {
                var ended = new FaultContainerEnded { Restarts = transition.Restarts, ExitCode = transition.ExitCode ?? 0, Reason = transition.Reason };
                FaultEvents.Write(
                    context, ended, "", [], $"container ended ({transition.Reason}, exit code {transition.ExitCode}), restarts {transition.Restarts}");
            }
        });
    }

    // The kernel drops SIGKILL, and every signal without a handler, that comes to PID 1 from inside its own PID namespace.
    private static (string Signal, string Note) Choose(FaultContext context, IReadOnlyList<ContainerProcess> targets)
    {
        var signal = context.Fault.Signal;
        Signals.Number(signal);
        if (targets.FirstOrDefault(t => t.Pid == 1) is not { } first)
        {
            return (signal, "");
        }

        var note = "";
        if (signal == "SIGKILL")
        {
            (signal, note) = (Interrupt, "; SIGKILL was turned into SIGINT: the kernel drops it for PID 1");
        }

        return first.Catches(Signals.Number(signal)) == false
            ? throw new FaultMatrixException(
                "FT0605", $"{signal} would do nothing to '{first.CommandLine}' in pod '{context.Pod.Name}': it is PID 1 of its container and has no handler for it; use pod deletion, or another signal")
            : (signal, note);
    }

    private static async Task<(DateTimeOffset Landed, string Proof)> ProveAsync(
        FaultContext context, string shell, IReadOnlyList<ContainerProcess> targets, string signal, V1ContainerStatus? before, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var died = ContainerDiedAsync(context, before, ends.Token);
        var gone = ProcessesGoneAsync(context, shell, targets, signal, ends.Token);
        try
        {
            var first = await Task.WhenAny(gone, died);

            // A broken exec is what the container's own end looks like; then only the pod's status can tell.
            return first == gone && (gone.IsCompletedSuccessfully || gone.Exception?.InnerException is not ClusterException) ? await gone : await died;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0606", $"no proof within {context.Options.ProofTimeout.TotalSeconds:0.#} s that {signal} ended {string.Join(", ", targets.Select(t => $"PID {t.Pid} '{t.CommandLine}'"))} in pod '{context.Pod.Name}'");
        }
        finally
        {
            await ends.CancelAsync();
            await Task.WhenAll(Quiet(gone), Quiet(died));
        }
    }

    private static async Task<(DateTimeOffset Landed, string Proof)> ProcessesGoneAsync(
        FaultContext context, string shell, IReadOnlyList<ContainerProcess> targets, string signal, CancellationToken cancellation)
    {
        var left = targets.ToDictionary(t => t.Pid);
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

        var command = KillScript.KillCommand(signal, targets);
        while (true)
        {
            var result = await ExecAsync(context, shell, command, OnLine, cancellation);
            if (left.Count == 0 && sent == 0)
            {
                throw new FaultMatrixException("FT0612", $"the processes to kill in pod '{context.Pod.Name}' ended by themselves before {signal} was sent");
            }

            if (left.Count == 0)
            {
                return (landed, $"process gone (PID {string.Join(", ", targets.Select(t => t.Pid))}, start {string.Join(", ", targets.Select(t => t.Start))})");
            }

            if (failed is not null)
            {
                throw new FaultMatrixException("FT0607", $"pod '{context.Pod.Name}' does not let us send {signal}: {failed}; the container's user may not");
            }

            if (result.ExitCode is null)
            {
                throw new ClusterException("FT0312", result.Failure ?? "the connection to the container broke");
            }

            // Signal 0 only asks: it was sent once, and what is left is on its way out.
            command = KillScript.KillCommand("0", left.Values);
        }
    }

    private static async Task<(DateTimeOffset Landed, string Proof)> ContainerDiedAsync(FaultContext context, V1ContainerStatus? before, CancellationToken cancellation)
    {
        var proof = await context.Watch.WhenAsync(_ => ProofOfDeath(before, context.Watch.Find(context.Pod.Uid)), cancellation);
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

    private static Task<ExecResult> ExecAsync(FaultContext context, string container, IReadOnlyList<string> command, Action<string>? onLine, CancellationToken cancellation) =>
        context.Session.Exec.RunAsync(context.Pod.Name, container, command, context.Options.ExecTimeout, cancellation, onLine);

    private static bool HasNoShell(ExecResult result) => result.ExitCode is 126 or 127
        || Said(result) is var said && (said.Contains("no such file", StringComparison.OrdinalIgnoreCase) || said.Contains("not found", StringComparison.OrdinalIgnoreCase));

    private static string Said(ExecResult result) => $"{result.Failure} {result.Errors}".Trim();

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

using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>Sends a signal to processes of a container, and proves that they ended.</summary>
internal static class ProcessKill
{
    /// <summary>Does it once.</summary>
    /// <param name="context">The fault.</param>
    /// <param name="target">The container.</param>
    /// <param name="list">Its processes, and whose shell is to be used.</param>
    /// <param name="processes">Which of them; at least one.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="cancellation">Stops waiting; what is sent is not taken back.</param>
    /// <param name="lands">Whether the timeline is told; false for the repetitions of a fault that has landed.</param>
    /// <param name="elsewhere">What is to be said of where it is done; null for nothing.</param>
    /// <exception cref="FaultMatrixException">FT06xx: they were not ended, or not by this.</exception>
    public static async Task<FaultProof> RunAsync(
        FaultContext context, PodTarget target, ProcessList list, IReadOnlyList<ContainerProcess> processes, string signal,
        CancellationToken cancellation, bool lands = true, string? elsewhere = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(processes);
        var before = ContainerEnded.Status(target, context.Watch.Find(target.Pod.Uid) ?? target.Pod);
        var crash = Crashes(signal, target, processes);
        var note = string.Join("; ", Notes(target, list, crash).Prepend(elsewhere).OfType<string>());
        foreach (var process in processes)
        {
            context.Say($"Terminating {target.Service} Pid {process.Pid} Command {process.CommandLine}");
            context.Say($"Killing PID {process.Pid} with {signal}{(note.Length > 0 ? $"; {note}" : "")}");
        }

        var hit = new FaultLanded
        {
            Pids = [.. processes.Select(process => (long)process.Pid)], Command = processes[0].CommandLine, Signal = signal,
        };
        var issued = context.Timeline.Clock.Now;
        if (lands)
        {
            context.Write(new FaultIssued { Pids = hit.Pids, Command = hit.Command, Signal = hit.Signal, Note = note }, issued);
            ContainerEnd.Report(context, target);
        }

        var proof = new KillProof(context, target, list, processes, signal, before);
        var landing = crash ? await proof.CrashAsync(cancellation) : await proof.KillAsync(cancellation);
        var text = note.Length > 0 ? $"{landing.Proof}; {note}" : landing.Proof;
        if (lands)
        {
            context.Write(hit with { Proof = text, Uncertainty = landing.Uncertainty?.TotalSeconds }, landing.At);
        }

        return new FaultProof(issued, landing.At, text);
    }

    private static IEnumerable<string> Notes(PodTarget target, ProcessList list, bool crash)
    {
        if (crash)
        {
            yield return "PID 1 is killed by a limit of processor time, as the kernel drops a SIGKILL from inside";
        }

        if (list.Shell != target.Container)
        {
            yield return $"sent from ephemeral container {list.Shell}";
        }
    }

    // The kernel drops SIGKILL, and every signal that it does not take note of, that comes to PID 1 from inside its own PID namespace.
    private static bool Crashes(string signal, PodTarget target, IReadOnlyList<ContainerProcess> processes)
    {
        if (processes.FirstOrDefault(process => process.Pid == 1) is not { } first)
        {
            return false;
        }

        return signal == Signals.Kill || first.Takes(Signals.Number(signal)) != false ? signal == Signals.Kill
            : throw new FaultMatrixException(
                "FT0605",
                $"{signal} would do nothing to '{first.CommandLine}' in pod '{target.Name}': "
                + "it is PID 1 of its container and has no handler for it; use SIGKILL, pod deletion, or another signal");
    }
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>
/// Sends a signal to processes in the pod's main container. Proof: the process, known by PID and start time, is gone; or its container has
/// ended, as the pod's status says.
/// </summary>
internal sealed class KillProcessKind : PodFaultKind<KillProcessFault>
{
    private const string ProcessKey = "process";
    private const string SignalKey = "signal";

    /// <inheritdoc/>
    public override string Kind => KillProcessFault.Word;

    /// <inheritdoc/>
    public override string Summary => "sends a signal to processes in the pod";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        new(ProcessKey, new JsonObject { ["type"] = "string", ["minLength"] = 1 }, "substring of the command line of the processes to kill.", Required: true),
        new(SignalKey, new JsonObject { ["enum"] = new JsonArray([.. Signals.Names.Select(name => JsonValue.Create(name))]), ["default"] = Signals.Interrupt }, "the signal."),
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new KillProcessWords();

    // Servers differ in which of the two verbs they ask for. That of the ephemeral container is asked for where it is needed.
    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = [new("create", "", "pods", "exec"), new("get", "", "pods", "exec")];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new KillProcessFault
        {
            Process = item.Text(ProcessKey, required: true) ?? "",
            Signal = item.Choice(SignalKey, required: false, [.. Signals.Names]) ?? Signals.Interrupt,
        };
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(FaultContext context, KillProcessFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(target);
        var before = context.Watch.Find(target.Pod.Uid)?.MainStatus ?? target.Pod.MainStatus;
        var list = await ProcessList.ReadAsync(context, target, cancellation);
        var processes = list.Find(target, fault.Process);
        var (signal, note) = Choose(fault, target, processes);
        if (list.Shell != target.Container)
        {
            note += $"; sent from ephemeral container {list.Shell}";
        }

        foreach (var process in processes)
        {
            context.Say($"Terminating {target.Service} Pid {process.Pid} Command {process.CommandLine}");
            context.Say($"Killing PID {process.Pid} with {signal}{note}");
        }

        var hit = new FaultLanded { Pids = [.. processes.Select(process => (long)process.Pid)], Command = processes[0].CommandLine, Signal = signal };
        var issued = context.Write(new FaultIssued { Pids = hit.Pids, Command = hit.Command, Signal = hit.Signal, Note = note.TrimStart(' ', ';') });
        ContainerEnd.Report(context, target);
        var (landed, proof) = await KillProof.WaitAsync(context, target, list.Shell, processes, signal, before, cancellation);
        var text = proof + note;
        context.Write(hit with { Proof = text }, landed);
        return new FaultProof(issued, landed, text);
    }

    // The kernel drops SIGKILL, and every signal without a handler, that comes to PID 1 from inside its own PID namespace.
    private static (string Signal, string Note) Choose(KillProcessFault fault, PodTarget target, IReadOnlyList<ContainerProcess> processes)
    {
        var signal = fault.Signal;
        if (processes.FirstOrDefault(t => t.Pid == 1) is not { } first)
        {
            return (signal, "");
        }

        var note = "";
        if (signal == Signals.Kill)
        {
            (signal, note) = (Signals.Interrupt, "; SIGKILL was turned into SIGINT: the kernel drops it for PID 1");
        }

        return first.Catches(Signals.Number(signal)) == false
            ? throw new FaultMatrixException(
                "FT0605", $"{signal} would do nothing to '{first.CommandLine}' in pod '{target.Name}': it is PID 1 of its container and has no handler for it; use pod deletion, or another signal")
            : (signal, note);
    }
}

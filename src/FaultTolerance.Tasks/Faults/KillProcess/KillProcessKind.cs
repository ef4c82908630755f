using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Graphs.Pods;
using System.Text.Json.Nodes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>
/// Sends a signal to processes in a container of the pod. Proof: the process, known by PID and start time, is gone; or its container has
/// ended, as the pod's status says. SIGKILL of PID 1 is done by a limit (<see cref="CrashLimit"/>), and its proof is exit code 137.
/// </summary>
internal sealed class KillProcessKind : PodFaultKind<KillProcessFault>
{
    private const string ProcessKey = "process";
    private const string SignalKey = "signal";
    private const string ContainerKey = "container";

    /// <inheritdoc/>
    public override string Kind => KillProcessFault.Word;

    /// <inheritdoc/>
    public override string Summary => "sends a signal to processes in the pod";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        FaultKey.Texts(
            ProcessKey,
            "substring of the command line of the processes to kill, or several names of one process, of which the first that is there counts; "
                + "default: the module in the service's command, whatever its engine."),
        FaultKey.Choice(SignalKey, "the signal.", Signals.Names, Signals.Interrupt),
        FaultKey.Text(ContainerKey, "the container; default: the one that does the service's work."),
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
        var names = item.Raw(ProcessKey) is JsonArray ? item.Texts(ProcessKey) : item.Text(ProcessKey) is { } only ? [only] : [];
        return new KillProcessFault
        {
            Process = names.FirstOrDefault() ?? "",
            OrElse = string.Join('\n', names.Skip(1)),
            Signal = item.Choice(SignalKey, required: false, [.. Signals.Names]) ?? Signals.Interrupt,
            Container = item.Text(ContainerKey),
        };
    }

    /// <summary>Several pods are hit one after another: the next when the one before is back.</summary>
    public override bool OneAfterAnother => true;

    /// <inheritdoc/>
    protected override FaultPlan Plan(KillProcessFault fault, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var plan = base.Plan(fault, graph);
        var service = graph.Service(fault.Target);
        var aimed = fault.Names.Select(EngineModule.EngineOfProcess).OfType<string>().FirstOrDefault();
        return aimed is null || service.IsFrontendOf(fault.Target) || EngineModule.EngineOf(service.Module) is not { } engine
            || engine == aimed
            ? plan
            : throw new FaultMatrixException(
                "FT0232", $"'{fault.Process}' is a process of {aimed}, and {service.Name} of graph '{graph.Name}' runs {engine} ({service.Module})");
    }

    /// <inheritdoc/>
    protected override string Container(KillProcessFault fault, GraphPod pod)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(pod);
        var names = pod.Object.Spec.Containers.Select(container => container.Name);
        return fault.Container is not { } own
                ? pod.Service.IsFrontendOf(fault.Target)
                    && pod.FrontendContainer is { } frontend ? frontend.Name : base.Container(fault, pod)
            : names.Contains(own, StringComparer.Ordinal) ? own
            : throw new FaultMatrixException("FT0618", $"pod '{pod.Name}' has no container '{own}'; it has {string.Join(", ", names)}");
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, KillProcessFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(target);
        var search = new ProcessSearch(context, fault);
        var (found, list, processes) = await search.FindAsync(target, cancellation);
        var elsewhere = found.Container == target.Container ? null : $"in container {found.Container}, as {target.Container} has no match";
        target = found;
        context = context with { Target = found };
        var before = ContainerEnded.Status(target, context.Watch.Find(target.Pod.Uid) ?? target.Pod);
        var crash = Crashes(fault, target, processes);
        var note = string.Join("; ", Notes(target, list, crash).Prepend(elsewhere).OfType<string>());
        foreach (var process in processes)
        {
            context.Say($"Terminating {target.Service} Pid {process.Pid} Command {process.CommandLine}");
            context.Say($"Killing PID {process.Pid} with {fault.Signal}{(note.Length > 0 ? $"; {note}" : "")}");
        }

        var hit = new FaultLanded
        {
            Pids = [.. processes.Select(process => (long)process.Pid)], Command = processes[0].CommandLine, Signal = fault.Signal,
        };
        var issued = context.Write(new FaultIssued { Pids = hit.Pids, Command = hit.Command, Signal = hit.Signal, Note = note });
        ContainerEnd.Report(context, target);
        var proof = new KillProof(context, target, list, processes, fault.Signal, before);
        var landing = crash ? await proof.CrashAsync(cancellation) : await proof.KillAsync(cancellation);
        var text = note.Length > 0 ? $"{landing.Proof}; {note}" : landing.Proof;
        context.Write(hit with { Proof = text, Uncertainty = landing.Uncertainty?.TotalSeconds }, landing.At);
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
    private static bool Crashes(KillProcessFault fault, PodTarget target, IReadOnlyList<ContainerProcess> processes)
    {
        if (processes.FirstOrDefault(process => process.Pid == 1) is not { } first)
        {
            return false;
        }

        return fault.Signal == Signals.Kill || first.Takes(Signals.Number(fault.Signal)) != false ? fault.Signal == Signals.Kill
            : throw new FaultMatrixException(
                "FT0605",
                $"{fault.Signal} would do nothing to '{first.CommandLine}' in pod '{target.Name}': "
                + "it is PID 1 of its container and has no handler for it; use SIGKILL, pod deletion, or another signal");
    }
}

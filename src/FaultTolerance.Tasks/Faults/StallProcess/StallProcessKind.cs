using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs.Processes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.StallProcess;

/// <summary>
/// Has processes stand still (SIGSTOP) and go on (SIGCONT). A guard in the container lets them go on at the deadline, whoever else is gone
/// by then.
/// </summary>
internal sealed class StallProcessKind : PodFaultKind<StallProcessFault>, IUndoneFaultKind
{
    private const string ProcessKey = "process";
    private const string IndexKey = "index";

    /// <inheritdoc/>
    public override string Kind => StallProcessFault.Word;

    /// <inheritdoc/>
    public override string Summary => "has processes in the pod stand still for a while (SIGSTOP, then SIGCONT)";

    /// <inheritdoc/>
    public override string Proof => "the kernel says of each process, known by PID and start time, that it is stopped";

    /// <inheritdoc/>
    public string Undoing =>
        "SIGCONT; proven when none of them is stopped. Where nobody comes, a guard in the container sends it 30 s after the fault's end.";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        FaultKey.Text(ProcessKey, "substring of the command line of the processes.") with { Required = true },
        new(IndexKey, new JsonObject { ["type"] = "integer", ["minimum"] = 0 }, "which of them, from 0, as one rank of several; else all."),
        CommonKeys.For,
        CommonKeys.Container,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<StallProcessFault>(
        fault => fault.Process,
        fault => $"stalls '{fault.Process}' for {Seconds(fault)} s in",
        fault => $"stall {fault.Process}",
        "Processes stood still in") { SignalName = "SIGSTOP" };

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = Permission.ToExec;

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new StallProcessFault
        {
            Process = item.Text(ProcessKey, required: true) ?? "",
            Index = item.Has(IndexKey) ? item.Int(IndexKey, 0, 0, 10_000) : null,
            For = CommonKeys.ReadFor(item),
            Container = CommonKeys.ReadContainer(item),
        };
    }

    /// <inheritdoc/>
    public TimeSpan Lasts(Fault fault) => ((StallProcessFault)fault).For;

    /// <inheritdoc/>
    public async Task<JsonObject> UndoAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (found, _, _) = await SearchAsync(context, cancellation);
        var undo = LeftPod.Note(found);
        undo["process"] = ((StallProcessFault)context.Fault).Process;
        undo["token"] = Work.Token(context);
        return undo;
    }

    /// <inheritdoc/>
    public async Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(undo);
        var pod = LeftPod.Of(session, undo);
        if (await pod.RunsAsync(cancellation) != true)
        {
            return $"pod '{pod.Name}' or its container has ended, and the processes with it";
        }

        // First the processes: a guard that is gone while they stand would leave them to nobody.
        while (true)
        {
            var stopped = await StoppedAsync(pod, undo["process"]!.GetValue<string>(), cancellation);
            if (stopped.Count == 0)
            {
                break;
            }

            await pod.RunAsync(KillScript.KillCommand("SIGCONT", stopped, looks: 0), cancellation);
        }

        await Work.EndAsync(pod, undo, cancellation);
        return "no process of it is stopped any more";
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, StallProcessFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(target);
        var (found, list, all) = await SearchAsync(context, cancellation);
        context = context with { Target = found };
        var processes = Chosen(fault, found, all);
        context.Say($"Stalling {target.Service} Pids {string.Join(", ", processes.Select(p => p.Pid))} for {Seconds(fault)} s");
        var hit = new FaultLanded
        {
            Pids = [.. processes.Select(process => (long)process.Pid)], Command = processes[0].CommandLine, Signal = "SIGSTOP",
        };
        var issued = context.Write(new FaultIssued { Pids = hit.Pids, Command = hit.Command, Signal = hit.Signal });
        var result = await context.Session.Exec.RunAsync(
            target.Name, list.Shell, StallScript.Command(Work.Token(context), Work.Seconds(context), processes),
            context.Options.ExecTimeout, cancellation);
        var stands = result.Output.Split('\n').FirstOrDefault(line => line.StartsWith("stands ", StringComparison.Ordinal));
        var asked = string.Join(' ', processes.Select(p => p.Pid.ToString(CultureInfo.InvariantCulture)));
        if (stands != $"stands {asked}")
        {
            throw new FaultMatrixException(
                "FT0606",
                $"not all of the processes {asked} in pod '{target.Name}' stand still: "
                    + $"{ForeignText.Line($"{result.Output} {result.Errors} {result.Failure}".Trim())}");
        }

        var proof = $"stopped ({string.Join(", ", processes.Select(p => $"PID {p.Pid}, start {p.Start}"))})";
        var landed = context.Write(hit with { Proof = proof });
        return new FaultProof(issued, landed, proof);
    }

    // The undo is for the container in which they are.
    private static Task<(PodTarget Target, ProcessList List, IReadOnlyList<ContainerProcess> Processes)> SearchAsync(
        FaultContext context, CancellationToken cancellation)
    {
        var fault = (StallProcessFault)context.Fault;
        return new ProcessSearch(context, fault.Container, fault.Process).FindAsync((PodTarget)context.Target, cancellation);
    }

    private static IReadOnlyList<ContainerProcess> Chosen(
        StallProcessFault fault, PodTarget target, IReadOnlyList<ContainerProcess> found)
    {
        var chosen = fault.Index is not { } index ? found
            : index < found.Count ? [found[index]]
            : throw new FaultMatrixException(
                "FT0604",
                    $"pod '{target.Name}' has {found.Count} processes with '{fault.Process}' in their command line, none of index {index}");
        return chosen.All(process => process.Pid != 1) ? chosen : throw new FaultMatrixException(
            "FT0605",
            $"SIGSTOP would do nothing to '{chosen.First(p => p.Pid == 1).CommandLine}' in pod '{target.Name}': it is PID 1 of its "
                + "container, "
            + "and the kernel drops a SIGSTOP from inside; stall one of its children, as the engine's own process");
    }

    private static async Task<IReadOnlyList<ContainerProcess>> StoppedAsync(LeftPod pod, string pattern, CancellationToken cancellation)
    {
        var result = await pod.RunAsync(ProcessScript.ListCommand, cancellation);
        var lines = result.Output.Split('\n');
        ContainerProcess[] all = [.. lines.Select(ContainerProcess.Parse).OfType<ContainerProcess>()];
        return all.Length > 0
            ? [.. ProcessMatch.Find(all, pattern, lines.Contains("T", StringComparer.Ordinal))
                .Where(process => process.State is 'T' or 't')]
            : throw new FaultMatrixException(
                "FT0609",
                    $"the processes of pod '{pod.Name}' cannot be listed: {ForeignText.Line($"{result.Failure} {result.Errors}".Trim())}");
    }

    private static string Seconds(StallProcessFault fault) => fault.For.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
}

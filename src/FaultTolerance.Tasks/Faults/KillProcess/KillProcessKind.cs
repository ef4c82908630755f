using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Graphs.Pods;
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

    /// <inheritdoc/>
    public override string Kind => KillProcessFault.Word;

    /// <inheritdoc/>
    public override string Summary => "sends a signal to processes in the pod";

    /// <inheritdoc/>
    public override string Proof => "the process, known by PID and start time, is gone, or its container has ended";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        FaultKey.Texts(
            ProcessKey,
            "substring of the command line of the processes to kill, or several names of one process, of which the first that is there "
                + "counts; "
                + "default: the module in the service's command, whatever its engine."),
        FaultKey.Choice(
            SignalKey,
            "the signal. SIGKILL of PID 1 lands when it has used a second of processor time in its life; one that has not gets signals to "
                + "handle until it has.",
            Signals.Names,
            Signals.Interrupt),
        CommonKeys.Container,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new KillProcessWords();

    // That of the ephemeral container is asked for where it is needed.
    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = Permission.ToExec;

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
            Container = CommonKeys.ReadContainer(item),
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
                "FT0232", $"'{fault.Process}' is a process of {aimed}, and {service.Name} of graph '{graph.Name}' runs {engine} "
                    + $"({service.Module})");
    }

    /// <inheritdoc/>
    protected override string Container(KillProcessFault fault, GraphPod pod)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(pod);
        return fault.Container is null && pod.Service.IsFrontendOf(fault.Target) && pod.FrontendContainer is { } frontend
            ? frontend.Name : base.Container(fault, pod);
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, KillProcessFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(target);
        var (found, list, processes) = await new ProcessSearch(context, fault.Container, [.. fault.Names])
            .FindAsync(target, cancellation);
        return await ProcessKill.RunAsync(context with { Target = found }, found, list, processes, fault.Signal, cancellation,
            elsewhere: ProcessSearch.Elsewhere(target, found));
    }
}

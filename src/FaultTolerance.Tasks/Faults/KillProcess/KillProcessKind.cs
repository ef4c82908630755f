using System.Collections.Immutable;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Faults.Words;
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
        FaultKey.Text(ProcessKey, "substring of the command line of the processes to kill.") with { Required = true },
        FaultKey.Choice(SignalKey, "the signal.", Signals.Names, Signals.Interrupt),
        LastingKeys.Container,
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
            Container = LastingKeys.ReadContainer(item),
        };
    }

    /// <inheritdoc/>
    protected override string Container(KillProcessFault fault, GraphPod pod)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return LastingKeys.ContainerOf(pod, fault.Container);
    }

    /// <inheritdoc/>
    protected override Task<FaultProof> InjectAsync(
        FaultContext context, KillProcessFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return ProcessKill.RunAsync(context, target, list => list.Find(target, fault.Process), _ => fault.Signal, cancellation);
    }
}

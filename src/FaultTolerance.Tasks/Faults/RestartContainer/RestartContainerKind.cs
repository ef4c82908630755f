using System.Collections.Immutable;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs.Processes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.RestartContainer;

/// <summary>
/// Ends the container's first process, by SIGTERM where it takes that and else by a hard crash, and sees the kubelet start the container
/// anew in the same pod.
/// </summary>
internal sealed class RestartContainerKind : PodFaultKind<RestartContainerFault>
{
    private const string Gently = "SIGTERM";

    /// <inheritdoc/>
    public override string Kind => RestartContainerFault.Word;

    /// <inheritdoc/>
    public override string Summary => "ends the container, which the kubelet starts anew in the same pod";

    /// <inheritdoc/>
    public override string Proof => "the container has ended, and runs again in the same pod with one restart more";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } = [CommonKeys.Container];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<RestartContainerFault>(
        _ => "restart_container", _ => "restarts the container in", _ => "restart container", "A container was restarted in")
    { SignalName = Gently };

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = Permission.ToExec;

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item) => new RestartContainerFault { Container = CommonKeys.ReadContainer(item) };

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, RestartContainerFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        var before = ContainerEnded.Status(target, context.Watch.Find(target.Pod.Uid) ?? target.Pod);
        var list = await ProcessList.ReadAsync(context, target, cancellation);
        var first = First(list, target);
        var killed = await ProcessKill.RunAsync(context, target, list, first, Signal(first), cancellation);
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var restarts = await context.Watch.WhenAsync(
                _ => ContainerEnded.Status(target, context.Watch.Find(target.Pod.Uid)) is { State.Running: not null } now
                    && now.RestartCount > (before?.RestartCount ?? 0) ? $"{now.RestartCount}" : null,
                both.Token);
            return killed with { Text = $"{killed.Text}; runs again, restarts {restarts}" };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0606",
                $"container '{target.Container}' of pod '{target.Name}' ended, but does not run again within "
                + $"{context.Options.ProofTimeout.TotalSeconds:0.#} s");
        }
    }

    private static IReadOnlyList<ContainerProcess> First(ProcessList list, PodTarget target) =>
        list.All.FirstOrDefault(process => process.Pid == 1) is { } first ? [first] : throw new FaultMatrixException(
            "FT0604", $"container '{target.Container}' of pod '{target.Name}' has no process with PID 1; it shares its PIDs with others");

    private static string Signal(IReadOnlyList<ContainerProcess> processes) =>
        processes[0].Takes(Signals.Number(Gently)) == false ? Signals.Kill : Gently;
}

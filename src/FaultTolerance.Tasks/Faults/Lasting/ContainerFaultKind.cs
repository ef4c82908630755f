using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Channels;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Lasting;

/// <summary>
/// A kind whose faults are work that is done in a container for a while. The work has its deadline with it: where nobody comes to end it,
/// it ends by itself.
/// </summary>
/// <typeparam name="TFault">The record of its faults.</typeparam>
internal abstract class ContainerFaultKind<TFault> : PodFaultKind<TFault>, IUndoneFaultKind
    where TFault : Fault, ILastingFault
{
    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = Permission.ToExec;

    /// <inheritdoc/>
    public abstract string Undoing { get; }

    /// <inheritdoc/>
    public TimeSpan Lasts(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return ((ILastingFault)fault).For;
    }

    /// <inheritdoc/>
    public Task<JsonObject> UndoAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var undo = LeftPod.Note((PodTarget)context.Target);
        undo["token"] = Work.Token(context);
        Note((TFault)context.Fault, undo);
        return Task.FromResult(undo);
    }

    /// <inheritdoc/>
    public virtual async Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(undo);
        var pod = LeftPod.Of(session, undo);
        return await pod.RunsAsync(cancellation) switch
        {
            null => $"pod '{pod.Name}' is gone, and all that ran in it",
            false => $"the container in pod '{pod.Name}' has ended, and all that ran in it",
            true => await EndAsync(pod, undo, cancellation),
        };
    }

    /// <summary>What undoing needs to know besides the pod and the work's token.</summary>
    protected virtual void Note(TFault fault, JsonObject undo)
    {
    }

    /// <summary>The command that starts the work, waits until it shows, and prints that.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="token">What its processes carry on their command lines.</param>
    /// <param name="seconds">When it has to end by itself.</param>
    protected abstract IReadOnlyList<string> Start(TFault fault, string token, int seconds);

    /// <summary>The proof that a line of its output is; null where it is none.</summary>
    /// <exception cref="FaultMatrixException">FT06xx: the line says that it cannot be done.</exception>
    protected abstract string? Proves(TFault fault, PodTarget target, string line);

    /// <summary>The proof that the end of the command is where no line was one; null where it is none.</summary>
    protected virtual Task<string?> ProvesAsync(
        FaultContext context, TFault fault, PodTarget target, CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, TFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(target);
        context.Say($"{Words.PlanShort(fault)} in {target.Service} Pod {target.Name} for {fault.For.TotalSeconds:0.#} s");
        var issued = context.Write(new FaultIssued());
        var command = Start(fault, Work.Token(context), Work.Seconds(context));
        ExecResult result;
        try
        {
            result = await context.Session.Exec.RunAsync(
                target.Name, target.Container, command, context.Options.ProofTimeout, cancellation);
        }
        catch (ClusterException e) when (e.Code == "FT0314")
        {
            throw NoProof(context, target, e);
        }

        var lines = result.Output.Split('\n');
        if (lines.FirstOrDefault(line => line.StartsWith("missing ", StringComparison.Ordinal)) is { } missing)
        {
            throw new FaultMatrixException(
                "FT0621", $"container '{target.Container}' of pod '{target.Name}' has no '{missing[8..]}', which {Kind} needs");
        }

        var proof = lines.Select(line => Proves(fault, target, line)).FirstOrDefault(text => text is not null)
            ?? await ProvesAsync(context, fault, target, cancellation)
            ?? throw NoProof(context, target, said: $"{result.Failure} {result.Errors} {result.Output}".Trim());
        var landed = context.Write(new FaultLanded { Proof = proof });
        return new FaultProof(issued, landed, proof);
    }

    /// <summary>Ends the fault in a container that runs, and proves that.</summary>
    protected virtual Task<string> EndAsync(LeftPod pod, JsonObject undo, CancellationToken cancellation) =>
        Work.EndAsync(pod, undo, cancellation);

    private FaultMatrixException NoProof(FaultContext context, PodTarget target, Exception? inner = null, string said = "") => new(
        "FT0606",
        $"no proof of {Kind} in pod '{target.Name}' within {context.Options.ProofTimeout.TotalSeconds:0.#} s"
        + (said.Length > 0 ? $": {ForeignText.Line(said)}" : ""),
        inner);
}

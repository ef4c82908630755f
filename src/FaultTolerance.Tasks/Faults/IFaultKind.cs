using FaultTolerance.Cluster;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults;

/// <summary>
/// All that a kind of fault is: its keys, its words, the rights that it needs, what it hits, how it breaks that and how it proves it.
/// A new kind is a folder with one of these and a line in <see cref="FaultKinds.Standard"/>; <see cref="FaultKind{TFault}"/> and
/// <see cref="PodFaultKind{TFault}"/> do what most kinds share.
/// </summary>
internal interface IFaultKind : IFaultSyntax
{
    /// <summary>What is said of it to people.</summary>
    IFaultWords Words { get; }

    /// <summary>What proves that a fault was carried out, as a sentence without its full stop.</summary>
    string Proof { get; }

    /// <summary>Rights beyond those of every run.</summary>
    IReadOnlyList<Permission> Permissions { get; }

    /// <summary>Rights beyond those of every run on the objects that graphs of a kind consist of.</summary>
    IEnumerable<Permission> RightsOn(IGraphKind graphs) => [];

    /// <summary>What a real cluster must have for it, as a sentence; null where any has it.</summary>
    string? Needs => null;

    /// <summary>Whether a local cluster has to give pods networks of their own for it.</summary>
    bool NeedsPodNetworks => false;

    /// <summary>
    /// Why a cluster cannot carry a fault of the kind out, as far as that is known before anything is deployed; null where it can.
    /// Changes nothing.
    /// </summary>
    Task<string?> RefusalAsync(ClusterSession session, FaultOptions options, CancellationToken cancellation) =>
        Task.FromResult<string?>(null);

    /// <summary>What a fault would do to a graph, without a cluster.</summary>
    /// <exception cref="FaultMatrixException">FT0601: the graph has no such service.</exception>
    FaultPlan Plan(Fault fault, Graph graph);

    /// <summary>The pods, nodes and objects that it would hit, by name, as far as a plan can see; a text each.</summary>
    /// <exception cref="FaultMatrixException">FT0601, FT0611, FT0620, FT0624: there is no target, or more than it may hit.</exception>
    Task<IReadOnlyList<string>> NamesAsync(PlanSight sight, Fault fault, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>
    /// Whether several targets of one fault are hit one after another, each when the one before is back; else all at once.
    /// </summary>
    bool OneAfterAnother => false;

    /// <summary>What a fault hits, chosen when its time has come; at least one.</summary>
    /// <exception cref="FaultMatrixException">FT0601, FT0611: there is nothing to hit.</exception>
    IReadOnlyList<FaultTarget> Targets(FaultScene scene, Fault fault);

    /// <summary>
    /// What has to be done first and is no part of the fault, as saving the logs of a pod that will be gone. Has a limit of its own.
    /// </summary>
    Task PrepareAsync(FaultScene scene, FaultTarget target, CancellationToken cancellation);

    /// <summary>
    /// Breaks one target and waits for the proof. Writes <c>fault.issued</c> and <c>fault.landed</c>, or throws
    /// <see cref="FaultMatrixException"/> (FT06xx) when there was nothing to break or no proof came.
    /// </summary>
    Task<FaultProof> InjectAsync(FaultContext context, CancellationToken cancellation);
}

/// <summary>What a fault would do.</summary>
/// <param name="Text">What is done to what, <c>deletes the pod of Frontend</c>.</param>
/// <param name="Short">The same in two or three words, for a chart.</param>
/// <param name="Service">The service that is hit; empty for none.</param>
internal sealed record FaultPlan(string Text, string Short, string Service);

/// <summary>That a fault happened.</summary>
/// <param name="Issued">When the order was given.</param>
/// <param name="Landed">When it was seen to have been carried out.</param>
/// <param name="Text">How that was seen.</param>
internal sealed record FaultProof(DateTimeOffset Issued, DateTimeOffset Landed, string Text);

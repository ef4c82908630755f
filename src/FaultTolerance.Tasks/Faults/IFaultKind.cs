using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>A way of breaking a pod, with the proof that it broke. A new one is one class and one entry in <see cref="FaultKinds"/>.</summary>
public interface IFaultKind
{
    /// <summary>What it is called in scenarios.</summary>
    FaultKind Kind { get; }

    /// <summary>The reference suite's <c>command</c>: the process pattern, or <c>delete_pod</c>.</summary>
    string Command(Fault fault);

    /// <summary>
    /// Breaks one pod and waits for the proof. Writes <c>fault.issued</c> and <c>fault.landed</c>, or throws
    /// <see cref="FaultMatrixException"/> (FT06xx) when there was nothing to break or no proof came.
    /// </summary>
    Task<FaultProof> InjectAsync(FaultContext context, CancellationToken cancellation);
}

/// <summary>What a fault works with.</summary>
/// <param name="Id">Number of the fault in its scenario, and of the pod in the fault: <c>1.1</c>.</param>
/// <param name="Failure">The failure's name.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Pod">The pod.</param>
/// <param name="Watch">The graph's watch, for proofs.</param>
/// <param name="Session">The cluster.</param>
/// <param name="Log">The runner's log.</param>
/// <param name="Timeline">The timeline.</param>
/// <param name="Options">Limits.</param>
public sealed record FaultContext(
    string Id, string Failure, Fault Fault, GraphPod Pod, GraphWatch Watch, ClusterSession Session, TestLog Log, TimelineWriter Timeline, FaultOptions Options);

/// <summary>Limits and hooks of the injection.</summary>
public sealed record FaultOptions
{
    /// <summary>What <see cref="ShellImage"/> is when nobody says.</summary>
    public const string DefaultShellImage = "busybox:1.36";

    /// <summary>How long a proof may take: a process that ends gracefully needs its time.</summary>
    public TimeSpan ProofTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Limit for one command in a container.</summary>
    public TimeSpan ExecTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Called with a pod before it is deleted, to save its logs; its errors are its own to report. Null for nothing.</summary>
    public Func<GraphPod, CancellationToken, Task>? BeforeDelete { get; init; }

    /// <summary>How long <see cref="BeforeDelete"/> may hold the fault up.</summary>
    public TimeSpan BeforeDeleteTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Image with <c>/bin/sh</c> of the ephemeral container that a kill in a container without a shell takes.</summary>
    public string ShellImage { get; init; } = DefaultShellImage;

    /// <summary>Seed of random pod selections.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>That a fault happened.</summary>
/// <param name="Issued">When the order was given.</param>
/// <param name="Landed">When it was seen to have been carried out.</param>
/// <param name="Text">How that was seen.</param>
/// <param name="Processes">The processes killed; empty for other kinds.</param>
public sealed record FaultProof(DateTimeOffset Issued, DateTimeOffset Landed, string Text, IReadOnlyList<ContainerProcess> Processes);

using FaultTolerance.Faults.Clients;
using FaultTolerance.Faults.Waiting;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Faults;

/// <summary>Limits and hooks of the injection.</summary>
internal sealed record FaultOptions
{
    /// <summary>What <see cref="ShellImage"/> is when nobody says.</summary>
    public const string DefaultShellImage = "busybox:1.36";

    /// <summary>How long a proof may take: a process that ends gracefully needs its time.</summary>
    public TimeSpan ProofTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Limit for one command in a container.</summary>
    public TimeSpan ExecTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a process that was killed may take to be there again, where it is to be killed again: a restart waits 10 s and more.
    /// </summary>
    public TimeSpan RevivalTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a service may take to have all new pods: engines load for minutes.</summary>
    public TimeSpan RolloutTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a fault that is to come after others may wait for all replicas to be ready: engines load for minutes.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long undoing one fault may take.</summary>
    public TimeSpan HealTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Called with a pod before it is deleted, to save its logs; its errors are its own to report. Null for nothing.</summary>
    public Func<GraphPod, CancellationToken, Task>? BeforeDelete { get; init; }

    /// <summary>How long <see cref="BeforeDelete"/> may hold the fault up.</summary>
    public TimeSpan BeforeDeleteTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Waits until the model answers; asked between two pods of a fault that goes from pod to pod. Null: only the pod is waited for.
    /// </summary>
    public Func<CancellationToken, Task>? ModelAnswers { get; init; }

    /// <summary>How long a fault that goes from pod to pod waits for one to be back; then it goes on all the same.</summary>
    public TimeSpan NextPodTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Image with <c>/bin/sh</c> of the ephemeral container that a kill in a container without a shell takes.</summary>
    public string ShellImage { get; init; } = DefaultShellImage;

    /// <summary>
    /// Image with <c>tc</c>, <c>ip</c> and <c>nft</c> of the ephemeral container that breaks a pod's network; null for none.
    /// </summary>
    public string? NetworkImage { get; init; }

    /// <summary>
    /// File in which faults that have to be undone are kept from before they are carried out; made when the first of them comes.
    /// </summary>
    public string? Journal { get; init; }

    /// <summary>The way that requests of a fault take; null where there is none.</summary>
    public IClientDoor? Door { get; init; }

    /// <summary>What faults that wait for the load see of it; null where it runs in another process.</summary>
    public ILoadEyes? Load { get; init; }

    /// <summary>Asks a pod for its metrics, as text; null where nobody can.</summary>
    public Func<GraphPod, CancellationToken, Task<string>>? Metrics { get; init; }

    /// <summary>Asked for: no fault is ordered any more, and those that last are undone at once.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Seed of random pod selections.</summary>
    public int Seed { get; init; } = 1;
}

using System.Collections.Immutable;

namespace FaultTolerance.Scenarios;

/// <summary>What is broken in a scenario: a name and its faults, in order. <c>none</c> has no fault.</summary>
/// <param name="Name">Name with underscores, <c>decode_worker_pod</c>; the last part of the scenario's name.</param>
/// <param name="Faults">The faults in order; empty for a baseline.</param>
public sealed record Failure(string Name, ImmutableArray<Fault> Faults);

/// <summary>One fault.</summary>
public sealed record Fault
{
    /// <summary>What is done.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The role (<c>frontend</c>, <c>decode</c>, <c>prefill</c>) or the service's own name.</summary>
    public required string Target { get; init; }

    /// <summary>Kills only: substring of the command line of the processes to kill.</summary>
    public string? Process { get; init; }

    /// <summary>Kills only: signal name with its prefix, <c>SIGINT</c>.</summary>
    public string Signal { get; init; } = "SIGINT";

    /// <summary>Which pods of the service.</summary>
    public PodSelection Pods { get; init; } = PodSelection.First;

    /// <summary>Time from the first request sent (the first fault) or from the fault before it.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Kinds of fault. Each has one class in <c>Faults/</c>.</summary>
public enum FaultKind
{
    /// <summary>A signal to processes in the pod's container.</summary>
    KillProcess,

    /// <summary>The pod is deleted through the API with grace 0.</summary>
    DeletePod,
}

/// <summary>Which pods of a service a fault hits.</summary>
/// <param name="Mode">How they are chosen.</param>
/// <param name="Count">For <see cref="SelectionMode.Count"/> and <see cref="SelectionMode.Random"/> the number; for <see cref="SelectionMode.Percent"/> 1 to 100.</param>
public readonly record struct PodSelection(SelectionMode Mode, int Count)
{
    /// <summary>The first pod, the reference suite's choice.</summary>
    public static PodSelection First { get; } = new(SelectionMode.First, 1);
}

/// <summary>Ways of choosing pods, which are ordered by creation time, then name.</summary>
public enum SelectionMode
{
    /// <summary>The first.</summary>
    First,

    /// <summary>The first so many.</summary>
    Count,

    /// <summary>A share, rounded up.</summary>
    Percent,

    /// <summary>All.</summary>
    All,

    /// <summary>So many at random, from the run's seed.</summary>
    Random,
}

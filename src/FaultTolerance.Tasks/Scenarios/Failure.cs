using System.Collections.Immutable;

namespace FaultTolerance.Scenarios;

/// <summary>What is broken in a scenario: a name and its faults, in order. <c>none</c> has no fault.</summary>
/// <param name="Name">Name with underscores, <c>decode_worker_pod</c>; the last part of the scenario's name.</param>
/// <param name="Faults">The faults in order; empty for a baseline.</param>
internal sealed record Failure(string Name, ImmutableArray<Fault> Faults)
{
    /// <summary>Ends the load that it happens under, and undoes what lasts, where a limit is broken; null: nothing does.</summary>
    public StopWhen? StopWhen { get; init; }

    /// <summary>Whether one of its faults waits until the service is steady.</summary>
    public bool WaitsForSteady => Faults.Any(fault => fault.When == FaultStart.Steady);

    /// <summary>What somebody else breaks while the load runs; null where nobody does.</summary>
    public ExternalFailure? External { get; init; }
}

/// <summary>A fault that is about another step of its list.</summary>
internal interface IStepFault
{
    /// <summary>The step's number, from 1; null for all before it.</summary>
    int? Step { get; }
}

/// <summary>A failure from outside: nothing is injected, and the row is searched for damage.</summary>
internal sealed record ExternalFailure
{
    /// <summary>When it comes, from the first request; null: it is marked, or found.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>The kind's word in scenarios.json, and the name of the failure where a service is loaded by its address alone.</summary>
    public const string Word = "external";
}

/// <summary>One fault: what all kinds have in common. Each kind has a record of its own beneath it, which lies with the kind.</summary>
internal abstract record Fault
{
    /// <summary>The kind's word in scenarios.json, <c>killProcess</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>
    /// The role (<c>frontend</c>, <c>decode</c>, <c>prefill</c>) or the service's own name; empty for kinds that hit no service.
    /// </summary>
    public string Target { get; init; } = "";

    /// <summary>Which pods of the service; of meaning for kinds that hit pods.</summary>
    public PodSelection Pods { get; init; } = PodSelection.First;

    /// <summary>Which pods of replicas that have several of them; of meaning for kinds that hit pods.</summary>
    public PodRole Select { get; init; }

    /// <summary>
    /// Take pods as they stand, also those that are down since an earlier fault hit them. Else these are taken only where there are too few
    /// others.
    /// </summary>
    public bool EvenDown { get; init; }

    /// <summary>The most pods that it may hit; null for no limit. More is an error, and nothing is hit.</summary>
    public int? MaxPods { get; init; }

    /// <summary>
    /// The largest share of a service's pods that it may hit, percent; null for no limit. More is an error, and nothing is hit.
    /// </summary>
    public int? MaxPercent { get; init; }

    /// <summary>What <see cref="After"/> counts from.</summary>
    public FaultStart When { get; init; }

    /// <summary>More of what <see cref="When"/> waits for; null where the word says all.</summary>
    public Awaited? Awaited { get; init; }

    /// <summary>Time from the first request sent (the first fault) or from what <see cref="When"/> says of those before it.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(10);
}

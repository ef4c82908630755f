using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.DeleteSelected;

/// <summary>The deletion of pods beside the graph, as those of etcd, NATS or the operator.</summary>
internal sealed record DeleteSelectedFault : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "deleteSelected";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>Label selector of the pods.</summary>
    public required string Selector { get; init; }

    /// <summary>Their namespace; null for the run's.</summary>
    public string? Namespace { get; init; }

    /// <summary>How many of them at most.</summary>
    public int Count { get; init; } = 1;
}

using System.Collections.Immutable;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Verdicts;

/// <summary>What became of the service after one fault, as far as its own time tells.</summary>
internal enum FaultOutcomeKind
{
    /// <summary>There is no proof that the fault happened.</summary>
    Unproven,

    /// <summary>Too little was seen between its order and the next one's.</summary>
    Unknown,

    /// <summary>No request was lost or late.</summary>
    NoHarm,

    /// <summary>Requests were harmed, and the service was steady again.</summary>
    Recovered,

    /// <summary>The fault itself, or the harm to clients, was not over when the next fault was ordered, or when the load ended.</summary>
    Open,
}

/// <summary>
/// One fault of a row by itself: its window, its proof, and what is seen from its own order to the next one's. Instants are UTC ticks.
/// </summary>
internal sealed record FaultVerdict
{
    /// <summary>The fault's number in its scenario, from 1; each of its targets has a number beneath it.</summary>
    public required string Id { get; init; }

    /// <summary>Its kind, as scenarios.json names it.</summary>
    public string? Kind { get; init; }

    /// <summary>The service that was hit; null where it is on none.</summary>
    public string? Service { get; init; }

    /// <summary>The pods that were hit, or what else was.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Its order; of one that found no target, when that was said.</summary>
    public required long Ordered { get; init; }

    /// <summary>Its first proof; null where there is none.</summary>
    public long? Landed { get; init; }

    /// <summary>
    /// The end of its window: the proof of its undo, or for a fault that does not last its last proof; null where it has none.
    /// </summary>
    public long? Ended { get; init; }

    /// <summary>Whether it lasts, and so has an undo.</summary>
    public bool Lasts { get; init; }

    /// <summary>The next fault's order; null for the last.</summary>
    public long? Until { get; init; }

    /// <summary>How it was proven, a text a target.</summary>
    public ImmutableArray<string> Proofs { get; init; } = [];

    /// <summary>How its undo was proven, a text a target.</summary>
    public ImmutableArray<string> Undone { get; init; } = [];

    /// <summary>Why it is not proven, or not undone; null where it is.</summary>
    public string? Doubt { get; init; }

    /// <summary>What became of the service.</summary>
    public FaultOutcomeKind Outcome { get; init; }

    /// <summary>Requests that failed between its order and the next one's, by their end; null where none ended then.</summary>
    public long? Lost { get; init; }

    /// <summary>Requests that were under way when the next fault was ordered: whose fault their end is nobody can say.</summary>
    public long UnderWay { get; init; }

    /// <summary>Every recovery definition by its name, from its order.</summary>
    public ImmutableArray<(string Name, Measured Value)> Recovery { get; init; } = [];

    /// <summary>What was not over when the next fault was ordered, or when the load ended; empty where all was.</summary>
    public ImmutableArray<string> Open { get; init; } = [];

    /// <summary>What a recovery definition found; null where there is none of that id.</summary>
    public Measured? Recovered(string id)
    {
        foreach (var (name, value) in Recovery)
        {
            if (name == id)
            {
                return value;
            }
        }

        return null;
    }
}

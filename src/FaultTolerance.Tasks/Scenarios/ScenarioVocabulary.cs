using System.Collections.Immutable;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Scenarios;

/// <summary>
/// What a scenarios.json may say beyond the file's own form. The kinds bring it themselves and it is handed in, since this room does not
/// know theirs.
/// </summary>
internal sealed record ScenarioVocabulary
{
    /// <summary>The kinds of fault, in the order in which they are named to a reader.</summary>
    internal ImmutableArray<IFaultSyntax> Faults { get; init; } = [];

    /// <summary>The checks, in the order in which a row's are told.</summary>
    internal ImmutableArray<ICheckSyntax> Checks { get; init; } = [];

    /// <summary>What a row is judged by where the file does not ask for something else of the same identity.</summary>
    internal Func<Scenario, ImmutableArray<CheckSpec>> DefaultChecks { get; init; } = _ => [];
}

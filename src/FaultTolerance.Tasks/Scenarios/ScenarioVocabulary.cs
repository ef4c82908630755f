using System.Collections.Immutable;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Scenarios;

/// <summary>
/// What a scenarios.json may say beyond the file's own form. The kinds bring it themselves and it is handed in, since this room does not
/// know theirs.
/// </summary>
public sealed record ScenarioVocabulary
{
    /// <summary>The kinds of fault, in the order in which they are named to a reader.</summary>
    internal ImmutableArray<IFaultSyntax> Faults { get; init; } = [];
}

using System.Collections.Immutable;

namespace FaultTolerance.Artefacts;

/// <summary>The text of a stream as it came.</summary>
/// <param name="Pieces">The text of each event with output.</param>
/// <param name="PauseAfter">Pieces before the longest pause.</param>
/// <param name="IsCut">Whether the stream went on after the last piece.</param>
internal sealed record StreamText(ImmutableArray<string> Pieces, int PauseAfter, bool IsCut)
{
    /// <summary>All of it.</summary>
    public string Text { get; } = string.Concat(Pieces);
}

using FaultTolerance.Artefacts;

namespace FaultTolerance.Results.Continuity;

/// <summary>What became of a stream's text.</summary>
internal enum StreamFate
{
    /// <summary>It came to its end, and is what the prompt was answered without a fault.</summary>
    Whole,

    /// <summary>It came to its end with another text.</summary>
    Differs,

    /// <summary>It began, and never came to its end.</summary>
    BrokenOff,

    /// <summary>There is no answer without a fault to compare it with, or its text was too long to be kept.</summary>
    NotCompared,
}

/// <summary>A stream that ended after the fault's order, beside the answer that its prompt had before.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Fate">What became of its text.</param>
/// <param name="ByTokens">Whether <paramref name="Difference"/> counts tokens; else characters, since tokens cannot be told apart.</param>
/// <param name="Difference">What it has less and more; nothing but for <see cref="StreamFate.Differs"/>.</param>
/// <param name="WasOpen">Whether it had begun and had not ended when a fault was ordered or proven.</param>
/// <param name="PauseAfter">Events with text before its longest pause.</param>
internal sealed record StreamCheck(
    Attempt Attempt, StreamFate Fate, bool ByTokens, TextDifference Difference, bool WasOpen, int PauseAfter)
{
    /// <summary>Whether it was open at a fault and came to its end all the same, on whichever worker.</summary>
    public bool WentOn => WasOpen && IsComplete(Attempt.Outcome);

    /// <summary>Whether a stream with that outcome came to its end.</summary>
    public static bool IsComplete(Outcome outcome) => outcome is Outcome.Ok or Outcome.ShortOutput;
}

namespace FaultTolerance.Faults.Words;

/// <summary>A mark in the page's picture.</summary>
/// <param name="Sign">Which of the page's signs.</param>
/// <param name="Text">What is said of it.</param>
internal readonly record struct FaultMark(string Sign, string Text)
{
    /// <summary>The sign of a fault.</summary>
    public const string Landed = "fault";

    /// <summary>The sign of a fault's end.</summary>
    public const string Healed = "healed";
}

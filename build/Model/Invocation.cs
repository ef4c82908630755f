namespace FaultMatrix.Build.Model;

/// <summary>One call of the front: where it works, and what was asked.</summary>
/// <param name="Root">The folder that holds <c>.nuke</c>.</param>
/// <param name="Declarations">The parameters and targets that there are.</param>
/// <param name="Parameters">The values that hold for this call.</param>
/// <param name="Environment">The environment's variables.</param>
internal sealed record Invocation(
    string Root, Declarations Declarations, ParameterSet Parameters, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The machine that it runs on.</summary>
    public Machine Machine { get; init; } = Machine.This;

    /// <summary>The folder for files that may go at any time.</summary>
    public string Temp => Path.Combine(Root, ".nuke", "temp");
}

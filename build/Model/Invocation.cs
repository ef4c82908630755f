namespace FaultMatrix.Build.Model;

/// <summary>One call of the front: where it works, and what was asked.</summary>
/// <param name="Root">The folder that holds <c>.nuke</c>.</param>
/// <param name="Declarations">The parameters and targets that there are.</param>
/// <param name="Parameters">The values that hold for this call.</param>
/// <param name="Environment">The environment's variables.</param>
/// <param name="Home">The folder of the program's own files; the root where it is null (<see cref="ToolHome"/>).</param>
internal sealed record Invocation(
    string Root, Declarations Declarations, ParameterSet Parameters, IReadOnlyDictionary<string, string> Environment,
    string? Home = null)
{
    /// <summary>The machine that it runs on.</summary>
    public Machine Machine { get; init; } = Machine.This;

    /// <summary>The folder of the program's own files.</summary>
    public string Home { get; } = Home ?? Root;

    /// <summary>
    /// The folder for files that may go at any time: below the root's <c>.nuke</c>; for an unpacked tool, which works in folders that are
    /// none of ours, the user's own cache.
    /// </summary>
    public string Temp => Home == Root || Directory.Exists(Path.Combine(Root, ".nuke"))
        ? Path.Combine(Root, ".nuke", "temp")
        : Path.Combine(Cache(), "faultmatrix");

    // https://specifications.freedesktop.org/basedir-spec/latest/
    private string Cache() =>
        Environment.GetValueOrDefault("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache) ? cache
        : Environment.GetValueOrDefault("HOME") is { Length: > 0 } home && home != "/" ? Path.Combine(home, ".cache")
        : Path.GetTempPath();
}

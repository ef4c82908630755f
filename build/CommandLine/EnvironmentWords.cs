using System.Text.Json;

namespace FaultMatrix.Build.CommandLine;

/// <summary>
/// The command line's words as build.ps1 hands them over on Linux and macOS: PowerShell there puts the names of files in the place of a
/// word with a wildcard, even of one that was quoted, so the words come in a variable.
/// </summary>
internal static class EnvironmentWords
{
    /// <summary>Stands alone on the command line when the words are in <see cref="Variable"/>.</summary>
    public const string Mark = "--words-of-the-environment";

    /// <summary>Holds the words, a JSON array of strings.</summary>
    public const string Variable = "FAULTMATRIX_WORDS";

    /// <summary>
    /// The words that were meant. Takes the variable away, so that nothing that is started inherits what may hold a secret.
    /// </summary>
    public static string[] Of(string[] args)
    {
        var words = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);
        return args is [Mark] && words is not null ? JsonSerializer.Deserialize<string[]>(words) ?? [] : args;
    }
}

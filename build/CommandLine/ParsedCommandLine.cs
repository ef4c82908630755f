using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.CommandLine;

/// <summary>The words of a command line by NUKE's grammar, before anything is known about names and types.</summary>
/// <param name="Targets">Positional target names in order, as they were written.</param>
/// <param name="Arguments">Parameters in order, each with the words that follow it.</param>
internal sealed record ParsedCommandLine(IReadOnlyList<string> Targets, IReadOnlyList<Argument> Arguments)
{
    /// <summary>The last occurrence of a parameter, or null.</summary>
    public Argument? Find(string name)
    {
        var key = Names.Key(name);
        return Arguments.LastOrDefault(a => a.Key == key);
    }
}

/// <summary>One parameter of a command line.</summary>
/// <param name="Word">The word as it was written, without <c>=value</c>.</param>
/// <param name="Values">The words up to the next parameter.</param>
internal sealed record Argument(string Word, IReadOnlyList<string> Values)
{
    /// <summary>The name in the form that names are compared in.</summary>
    public string Key { get; } = Names.Key(Word);
}

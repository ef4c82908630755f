using System.Collections.Immutable;

namespace FaultTolerance.Reference;

/// <summary>A code of an error message.</summary>
/// <param name="Code"><c>FT</c> and four digits.</param>
/// <param name="Meaning">What happened; each code has one meaning.</param>
/// <param name="Cure">What to do.</param>
internal sealed record ErrorCode(string Code, string Meaning, string Cure);

/// <summary>Every code that a message of this repository may carry. A test holds that the sources use no other.</summary>
internal static partial class ErrorCodes
{
    /// <summary>All codes, in order.</summary>
    public static ImmutableArray<ErrorCode> All { get; } =
    [
        .. new[] { CommandLine, Scenarios, Cluster, Deployments, Loads, Faults, Artefacts, Parsing, Mistakes, LocalCluster }
            .SelectMany(Read)
            .OrderBy(code => code.Code, StringComparer.Ordinal),
    ];

    // A line a code: its number, its meaning, its cure.
    private static IEnumerable<ErrorCode> Read(string lines) =>
        lines
            .Split('\n')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(part => new ErrorCode(part[0], part[1], part[2]));
}

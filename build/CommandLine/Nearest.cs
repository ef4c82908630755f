using FaultMatrix.Build.Model;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.CommandLine;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Nearest
{
    /// <summary>The nearest candidate by the names' keys, or null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> candidates) => NearestName.Of(name, candidates, Names.Key);
}

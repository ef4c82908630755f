using System.Runtime.InteropServices;

namespace FaultMatrix.Build.Hosting;

/// <summary>
/// Where this process's runtime lies. Programs that are started find theirs by DOTNET_ROOT or where the system keeps one; a dotnet of
/// the PATH, or one that build.sh fetched, is in neither place.
/// </summary>
internal static class DotnetRoot
{
    /// <summary>The folder that holds <c>dotnet</c> and <c>shared/</c>.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(),
        "..", "..", ".."));

    /// <summary>Makes every program that this one starts, and what they start, run on the same runtime.</summary>
    public static void Export() => Environment.SetEnvironmentVariable("DOTNET_ROOT", Path);
}

using FaultMatrix.Build.Model;
using Microsoft.Build.Locator;

namespace FaultMatrix.Build.Hosting;

/// <summary>Makes the SDK's own MSBuild loadable. No type that mentions MSBuild may be touched before.</summary>
internal static class EngineLoader
{
    /// <param name="root">The folder whose global.json decides on the SDK.</param>
    public static void Register(string root)
    {
        if (!MSBuildLocator.IsRegistered)
        {
            MSBuildLocator.RegisterInstance(Sdk(root));
        }
    }

    /// <summary>The folder of the SDK that the root's <c>global.json</c> decides on.</summary>
    /// <param name="root">The folder of <c>global.json</c>.</param>
    /// <exception cref="FrontException">FT0111: there is none.</exception>
    public static string SdkFolder(string root) => Path.TrimEndingDirectorySeparator(Sdk(root).MSBuildPath);

    private static VisualStudioInstance Sdk(string root) =>
        MSBuildLocator.QueryVisualStudioInstances(new VisualStudioInstanceQueryOptions
        {
            DiscoveryTypes = DiscoveryType.DotNetSdk,
            WorkingDirectory = root,
        }).MaxBy(i => i.Version) ?? throw new FrontException("FT0111",
            "No .NET SDK that global.json allows was found beside the running dotnet.");
}

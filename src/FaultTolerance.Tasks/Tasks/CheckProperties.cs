using FaultMatrix.Shared;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>
/// Reports properties of the command line (<c>-p:</c>) that nothing reads: one that is close to a parameter's name is an error, since
/// the run would not be what was asked for; any other is a warning.
/// </summary>
public sealed class CheckProperties : Microsoft.Build.Utilities.Task
{
    // What MSBuild, the SDK's commands and builds of whole solutions set by themselves, and what a build of any project may set.
    private static readonly string[] Others =
    [
        "Configuration",
        "Platform",
        "TargetFramework",
        "RuntimeIdentifier",
        "Continue",
        "FaultScenarioProject",
        "FaultRun",
        "FaultRunFolder",
        "NuGetInteractive",
        "CurrentSolutionConfigurationContents",
        "ContinuousIntegrationBuild",
        "VersionSuffix",
        "Version",
        "OutputPath",
        "ArtifactsPath",
        "BaseOutputPath",
        "BaseIntermediateOutputPath",
        "IntermediateOutputPath",
        "UseArtifactsOutput",
        "Deterministic",
        "DesignTimeBuild",
    ];

    private static readonly string[] Beginnings = ["_", "MSBuild", "Restore", "Enable", "Solution", "NuGet", "DOTNET_", "VisualStudio"];

    /// <summary>The declared parameters.</summary>
    [Required]
    public string[] Declared { get; set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        foreach (var name in ((IBuildEngine6)BuildEngine).GetGlobalProperties().Keys.Order(StringComparer.OrdinalIgnoreCase))
        {
            if (Declared.Concat(Others).Contains(name, StringComparer.OrdinalIgnoreCase)
                || Beginnings.Any(b => name.StartsWith(b, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            if (NearestName.Of(name, Declared) is { } near)
            {
                Log.LogError(null, "FT0102", null, null, 0, 0, 0, 0, "{0}", $"Unknown parameter '{name}'. Did you mean '-p:{near}'?");
            }
            else
            {
                Log.LogWarning(null, "FT0102", null, null, 0, 0, 0, 0, "{0}", $"Unknown parameter '{name}': nothing here reads it.");
            }
        }

        return !Log.HasLoggedErrors;
    }
}

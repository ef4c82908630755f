using FaultTolerance.Scenarios;

namespace FaultTolerance.Tasks;

/// <summary>Where tasks get scenarios from. A worker node reads the file anew: a scenario's name is all that crosses nodes.</summary>
internal static class ScenarioSource
{
    /// <summary>Loads the catalog with a run's overrides; empty strings override nothing.</summary>
    public static ScenarioCatalog Load(string file, string profile, string image, string model, bool checkManifests) =>
        ScenarioFile.Load(file, new ScenarioOptions
        {
            Profile = Given(profile),
            Image = Given(image),
            Model = Given(model),
            CheckManifests = checkManifests,
        });

    /// <summary>MSBuild knows no null: an empty property is one that was not given.</summary>
    public static string? Given(string value) => value.Length == 0 ? null : value;
}

using System.Globalization;
using FaultTolerance.Faults;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Results.Checks;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tasks;

/// <summary>Where tasks get scenarios from. A worker node reads the file anew: a scenario's name is all that crosses nodes.</summary>
internal static class ScenarioSource
{
    /// <summary>What the file may say beyond its own form.</summary>
    public static ScenarioVocabulary Vocabulary { get; } =
        CheckCatalog.Default.Vocabulary with
        {
            Faults = FaultKinds.Standard.Vocabulary.Faults,
        };

    /// <summary>Loads the catalog with a run's overrides; empty strings override nothing.</summary>
    public static ScenarioCatalog Load(string file, string profile, string image, string model, bool checkManifests,
        LoadSource? source = null) =>
        ScenarioFile.Load(file, new ScenarioOptions
        {
            Profile = Given(profile),
            Image = Given(image),
            Model = Given(model),
            Source = source,
            CheckManifests = checkManifests,
            ManifestFaults = GraphKinds.Default.FaultsOf,
            Vocabulary = Vocabulary,
        });

    /// <summary>The catalog where there is no scenarios file: one load, streamed, for a service at an address.</summary>
    /// <param name="file">Where the file would be.</param>
    /// <param name="profile">The profile that is asked for; empty for none.</param>
    /// <param name="source">From where its load comes; null: from here.</param>
    public static ScenarioCatalog WithoutFile(string file, string profile, LoadSource? source = null) => ScenarioFile.Parse(
        """
        { "deployments": {}, "failures": {}, "loads": { "default": { "stream": true } }, "profiles": { "quick": { "load": "default" } } }
        """u8.ToArray(), file, new ScenarioOptions { Profile = Given(profile), Vocabulary = Vocabulary, Source = source });

    /// <summary>
    /// The items of a list parameter. On MSBuild's command line a list's semicolons have to be escaped (<c>-p:Scenario=A%3bB</c>), and
    /// what was escaped arrives as one item.
    /// </summary>
    public static string[] List(string[] items) =>
        [.. items.SelectMany(item => item.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>A number; null where none is given.</summary>
    public static int? Count(string value) => value.Length == 0 ? null : Number(value);

    /// <summary>A number; 1 where none is given.</summary>
    public static int Number(string value) => value.Length == 0 ? 1 : int.Parse(value, CultureInfo.InvariantCulture);

    /// <summary>MSBuild knows no null: an empty property is one that was not given.</summary>
    public static string? Given(string value) => value.Length == 0 ? null : value;
}

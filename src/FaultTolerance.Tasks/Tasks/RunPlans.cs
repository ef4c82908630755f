using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Plans;

namespace FaultTolerance.Tasks;

/// <summary>Plans of runs, with the kinds of fault and checks that this tool knows.</summary>
internal static class RunPlans
{
    /// <summary>The plan of a run.</summary>
    /// <exception cref="FaultMatrixException">FT0709, FT0121: see <see cref="PlanFile.Read"/>.</exception>
    public static RunPlan Read(string runFolder) => PlanFile.Read(runFolder, ScenarioSource.Vocabulary);

    /// <summary>Writes the plan of a new run.</summary>
    /// <exception cref="FaultMatrixException">FT0701: it cannot be written.</exception>
    public static void Write(RunFolder run, RunPlan plan)
    {
        try
        {
            PlanFile.Write(run.Path, plan, ScenarioSource.Vocabulary, HoldsSecret);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultMatrixException("FT0701", $"The plan of run '{run.Manifest.Id}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>The plan of a new run, as it is asked for now.</summary>
    /// <param name="catalog">The scenarios file under the run's profile and overrides.</param>
    /// <param name="scenarios">Names of the rows, in order.</param>
    /// <param name="given">What was asked for.</param>
    /// <param name="alone">Whether rows must not run side by side.</param>
    /// <param name="matrix">Names of all rows of which these are a part; null where they are the whole.</param>
    public static RunPlan Make(ScenarioCatalog catalog, IReadOnlyList<string> scenarios, PlanOptions given, bool alone,
        IReadOnlyList<string>? matrix = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(given);
        var rows = catalog.Select(scenarios).ToDictionary(row => row.Name, StringComparer.Ordinal);
        return new RunPlan
        {
            ScenariosFile = catalog.File,
            // A service at an address can be loaded without any file.
            ScenariosHash = FrozenText.HashOf(File.Exists(catalog.File) ? File.ReadAllText(catalog.File) : ""),
            Profile = catalog.Profile,
            Image = ScenarioSource.Given(given.Image),
            Model = ScenarioSource.Given(given.Model),
            Seed = ScenarioSource.Number(given.Seed),
            Transport = ScenarioSource.Given(given.Transport) ?? "portforward",
            Ingress = given.Ingress,
            Source = given.Source,
            Parallelism = alone ? 1 : given.Parallelism.Length > 0 ? ScenarioSource.Number(given.Parallelism)
                : catalog.Parallelism.On(given.Processors),
            Alone = alone,
            Matrix = matrix,
            Scenarios = [.. scenarios.Select(name => rows[name])],
        };
    }

    /// <summary>Whether a manifest holds what looks like a secret.</summary>
    public static bool HoldsSecret(string path, string text) =>
        Manifest.Parse(path, text).Documents.Any(document => SecretNodes.IsIn(document.Body));
}

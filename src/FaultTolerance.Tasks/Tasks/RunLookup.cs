using FaultTolerance.Runs;

namespace FaultTolerance.Tasks;

/// <summary>Which run's folder is meant.</summary>
internal static class RunLookup
{
    private const string NotThere = "FT0122";

    /// <summary>The named run; without a name the folder itself where it is a run's, else the latest run in it.</summary>
    /// <exception cref="FaultMatrixException">FT0122 where there is none.</exception>
    public static string Find(string results, string run)
    {
        if (run.Length > 0)
        {
            return Named(results, run) ?? throw Missing(results, run);
        }

        var isRun =
            File.Exists(Path.Combine(results, "run.json"))
            || (
                Directory.Exists(results)
                && Directory.EnumerateDirectories(results, ScenarioFolder.Prefix.Replace("[", "*", StringComparison.Ordinal)).Any()
            );
        return isRun
            ? results
            : RunFolder.FindLatest(results)
                ?? throw new FaultMatrixException(NotThere, $"There is no run in {results}. ./build.sh FaultMatrix makes one.");
    }

    /// <summary>
    /// The run that phases go on with: the named one, else the latest, of a single scenario the latest that has it; null where there is
    /// none.
    /// </summary>
    /// <param name="results">Folder of all runs.</param>
    /// <param name="run">The run's id; empty for the latest.</param>
    /// <param name="scenarios">Names and globs of what is selected.</param>
    public static string? Latest(string results, string run, IReadOnlyList<string> scenarios) =>
        run.Length > 0 ? Named(results, run)
        : (scenarios.Count == 1 ? RunFolder.FindLatest(results, scenarios[0]) : null) ?? RunFolder.FindLatest(results);

    /// <summary>The folder of a run that is given by its id or as a folder.</summary>
    /// <exception cref="FaultMatrixException">FT0122 where there is none.</exception>
    public static string FolderOf(string results, string run) =>
        Named(results, run) ?? (Directory.Exists(run) ? run : throw Missing(results, run));

    /// <summary>The error that names what is not there.</summary>
    public static FaultMatrixException Missing(string results, string run) => new(NotThere, run.Length > 0
        ? $"There is no run '{run}' in {results}. Leave --run out for the latest."
        : $"There is no run in {results} to go on with. ./build.sh Deploy --scenario NAME begins one.");

    private static string? Named(string results, string run) =>
        Path.Combine(results, run) is var path && Directory.Exists(path) ? path : null;
}

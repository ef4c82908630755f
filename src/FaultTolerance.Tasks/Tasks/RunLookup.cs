using FaultTolerance.Runs;

namespace FaultTolerance.Tasks;

/// <summary>Which run's folder is meant.</summary>
internal static class RunLookup
{
    /// <summary>The named run; without a name the folder itself where it is a run's, else the latest run in it.</summary>
    /// <exception cref="FaultMatrixException">FT0801 where there is none.</exception>
    public static string Find(string results, string run)
    {
        if (run.Length > 0)
        {
            return Path.Combine(results, run);
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
                ?? throw new FaultMatrixException("FT0801", $"There is no run in {results}. ./build.sh FaultMatrix makes one.");
    }
}

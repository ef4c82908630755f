using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>Files of pods, as collected.</summary>
internal static class PodFiles
{
    /// <summary>Those of the services that a name or glob matches, in order.</summary>
    /// <param name="row">The row.</param>
    /// <param name="service">Name or glob.</param>
    /// <param name="wanted">Tells by a file's name.</param>
    /// <param name="pattern">Which files are meant at all.</param>
    public static List<string> Of(ScenarioResult row, string service, Func<string, bool> wanted, string pattern = "*.log") =>
        !Directory.Exists(row.Folder) ? []
        :
        [
            .. Directory.GetDirectories(row.Folder)
                .Where(folder => Glob.Matches(service, Path.GetFileName(folder)))
                .SelectMany(folder => Directory.GetFiles(folder, pattern, SearchOption.AllDirectories))
                .Where(file => wanted(Path.GetFileName(file)))
                .Order(StringComparer.Ordinal),
        ];
}

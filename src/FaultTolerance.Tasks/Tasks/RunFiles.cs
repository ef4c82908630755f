using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Measures;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Plans;

namespace FaultTolerance.Tasks;

/// <summary>The files of a run that are made before its first phase.</summary>
internal static class RunFiles
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Makes the folder of a new run: its description, its plan, and the checks that its rows are judged by.</summary>
    /// <param name="results">Folder of all runs.</param>
    /// <param name="id">The run's id.</param>
    /// <param name="catalog">The scenarios file.</param>
    /// <param name="plan">The run's plan.</param>
    /// <param name="session">The cluster; null where no row needs one.</param>
    /// <param name="time">The clock that the run goes by.</param>
    /// <param name="standIn">Whether its graphs are stand-ins.</param>
    /// <param name="shared">Whether others of this machine may read the run.</param>
    public static RunFolder Create(
        string results, string id, ScenarioCatalog catalog, RunPlan plan, ClusterSession? session, TimeProvider time, bool standIn,
        bool shared)
    {
        var run = RunFolder.Create(results, new RunManifest
        {
            Id = id,
            Anchor = RunClock.Start(time).Anchor,
            TimestampFrequency = time.TimestampFrequency,
            BootId = RunFolder.CurrentBootId(),
            Profile = plan.Profile,
            ReadyTexts = catalog.ReadyTexts,
            Scenarios = [.. plan.Scenarios.Select(row => row.Name)],
            Seed = plan.Seed,
            Namespace = session?.Namespace ?? "",
            StandIn = standIn,
            Definitions = DefinitionsVersion.Current,
            Cluster = session is null ? []
                : new JsonObject { ["server"] = SecretText.Hide(session.Server.ToString()), ["version"] = session.ServerVersion },
            Versions = new JsonObject
            {
                ["faultMatrix"] = typeof(RunFiles).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["os"] = RuntimeInformation.OSDescription,
            },
        }, shared);
        RunPlans.Write(run, plan);
        CheckFile.Write(run.Path, plan.Scenarios);
        return run;
    }

    /// <summary>
    /// Moves the folders of rows that are run again: what a broken attempt left is kept, but not where the next attempt writes and the
    /// parser reads.
    /// </summary>
    public static void SetAside(string runFolder, IEnumerable<string> scenarios)
    {
        var there = scenarios.Select(name => ScenarioFolder.In(runFolder, name).Path).Where(Directory.Exists).ToList();
        if (there.Count == 0)
        {
            return;
        }

        var number = 1;
        while (Directory.Exists(Path.Combine(runFolder, "superseded", $"{number}")))
        {
            number++;
        }

        var aside = Path.Combine(runFolder, "superseded", $"{number}");
        ResultAccess.CreateFolder(aside);
        foreach (var path in there)
        {
            Directory.Move(path, Path.Combine(aside, Path.GetFileName(path)));
        }
    }

    /// <summary>
    /// Notes in run.json what made the pods of each row's graph, as the platform said when it was ready; a run's folder of others is left
    /// as it is.
    /// </summary>
    public static void NoteProviders(string runFolder, RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var providers = result.Scenarios
            .Select(row => (row.Name, Provider: row.Timeline.OfType<DeploymentReady>().LastOrDefault()?.Provider))
            .Where(row => row.Provider is not null).OrderBy(row => row.Name, StringComparer.Ordinal).ToArray();
        var path = Path.Combine(runFolder, "run.json");
        if (providers.Length == 0 || !File.Exists(path) || JsonNode.Parse(File.ReadAllText(path)) is not JsonObject manifest)
        {
            return;
        }

        var before = manifest["workloadProviders"];
        var now = new JsonObject(providers.Select(row => KeyValuePair.Create(row.Name, (JsonNode?)row.Provider)));
        if (!JsonNode.DeepEquals(before, now))
        {
            manifest["workloadProviders"] = now;
            Runs.RunFolder.WriteAtomically(path, manifest.ToJsonString(Layout) + "\n");
        }
    }
}

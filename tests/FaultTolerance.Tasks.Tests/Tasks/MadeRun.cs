using System.Text.Json.Nodes;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Scenarios;

namespace FaultTolerance.Tests.Tasks;

/// <summary>A folder of runs with one that was made of the repository's scenarios and has no results yet.</summary>
internal sealed class MadeRun : IDisposable
{
    public MadeRun(string id, params string[] rows) => In(Folder, id, rows);

    /// <summary>The folder of all runs.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("made-run-").FullName;

    /// <summary>Makes one in a folder: seed 7, three rows at a time.</summary>
    public static void In(string results, string id, params string[] rows)
    {
        var catalog = ScenarioFile.Load(RepositoryFiles.Scenarios, RepositoryFiles.Own);
        var clock = RunClock.Start(TimeProvider.System);
        var run = RunFolder.Create(results, new RunManifest
        {
            Id = id,
            Anchor = clock.Anchor,
            TimestampFrequency = TimeProvider.System.TimestampFrequency,
            BootId = "",
            Profile = "quick",
            Scenarios = rows,
            Seed = 7,
            Namespace = "ft",
            Definitions = 99,
            Cluster = new JsonObject(),
        });
        RunPlans.Write(run, RunPlans.Make(catalog, rows, new PlanOptions { Seed = "7", Parallelism = "3" }, alone: false));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

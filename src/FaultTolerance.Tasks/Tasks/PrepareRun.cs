using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Sharing;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Measures;
using FaultTolerance.Runs;
using FaultTolerance.Tasks.Sessions;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>
/// Opens a run's folder, or makes it where a new run is asked for: then the cluster is reached, its permissions are checked for all that
/// the scenarios need, and only after that the folder is made, so that a refusal leaves nothing behind.
/// </summary>
public sealed class PrepareRun : ClusterTask
{
    /// <summary>Folder of all runs.</summary>
    [Required]
    public string Results { get; set; } = "";

    /// <summary>The run's id; empty: a new one, or the latest.</summary>
    public string Run { get; set; } = "";

    /// <summary>The scenarios that are meant.</summary>
    public string[] Scenario { get; set; } = [];

    /// <summary>Set where a run is to be made (FaultMatrix, Deploy); else it must be there.</summary>
    public bool New { get; set; }

    /// <summary>Set where an existing run is gone on with.</summary>
    public bool Continue { get; set; }

    /// <summary>Set to wait for another run in the namespace to end.</summary>
    public bool Wait { get; set; }

    /// <summary>Set where others of this machine may read the run.</summary>
    public bool SharedResults { get; set; }

    /// <summary>The run's id.</summary>
    [Output]
    public string RunId { get; set; } = "";

    /// <summary>The run's folder.</summary>
    [Output]
    public string RunFolder { get; set; } = "";

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        var id = Find();
        if (!New)
        {
            return;
        }

        using var session = await ConnectAsync(cancellation);
        var standIn = await CheckAsync(session, cancellation);
        await HoldAsync(id, cancellation);
        if (RunFolder.Length == 0)
        {
            Create(id, session, standIn);
        }
        else
        {
            SetAside(RunFolder);
        }
    }

    /// <summary>Finds the run that is gone on with, or names the new one.</summary>
    private string Find()
    {
        var existing =
            Run.Length > 0 ? Path.Combine(Results, Run)
            : New && !Continue ? null
            : Runs.RunFolder.FindLatest(Results, Scenario.Length == 1 && !New ? Scenario[0] : null);
        if (existing is not null && Directory.Exists(existing) && (!New || Continue))
        {
            if (Runs.RunFolder.Open(existing).Manifest.Definitions is var version && version != DefinitionsVersion.Current)
            {
                throw new FaultMatrixException(
                    DefinitionsVersion.Mixed,
                    $"run '{Path.GetFileName(existing)}' was made under version {version} of the definitions, and this tool measures by version {DefinitionsVersion.Current}: its rows cannot be gone on with. Begin a new run"
                )
                {
                    File = existing,
                };
            }

            (RunId, RunFolder) = (Path.GetFileName(existing), existing);
            return RunId;
        }

        if (!New)
        {
            throw new FaultMatrixException("FT0704", Run.Length > 0
                ? $"There is no run '{Run}' in {Results}. Leave --run out for the latest."
                : $"There is no run in {Results} to go on with. ./build.sh Deploy --scenario NAME begins one.");
        }

        return Run.Length > 0 ? Run : Runs.RunFolder.NewId(Time);
    }

    private void Create(string id, ClusterSession session, bool standIn)
    {
        var catalog = ScenarioSource.Load(ScenariosFile, LoadProfile, Image, Model, checkManifests: false);
        var run = Runs.RunFolder.Create(Results, new RunManifest
        {
            Id = id,
            Anchor = RunClock.Start(Time).Anchor,
            TimestampFrequency = Time.TimestampFrequency,
            BootId = Runs.RunFolder.CurrentBootId(),
            Profile = catalog.Profile,
            ReadyTexts = catalog.ReadyTexts,
            Scenarios = Scenario,
            Seed = SeedNumber,
            Namespace = session.Namespace,
            StandIn = standIn,
            Definitions = DefinitionsVersion.Current,
            Cluster = new JsonObject { ["server"] = SecretText.Hide(session.Server.ToString()), ["version"] = session.ServerVersion },
            Versions = new JsonObject
            {
                ["faultMatrix"] = typeof(PrepareRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["os"] = RuntimeInformation.OSDescription,
            },
        }, SharedResults);
        CheckFile.Write(run.Path, catalog.Select(Scenario));
        (RunId, RunFolder) = (id, run.Path);
    }

    // What a broken attempt left is kept, but not where the next attempt writes and the parser reads.
    private void SetAside(string folder)
    {
        var there = Scenario.Select(name => ScenarioFolder.In(folder, name).Path).Where(Directory.Exists).ToList();
        if (there.Count == 0)
        {
            return;
        }

        var number = 1;
        while (Directory.Exists(Path.Combine(folder, "superseded", $"{number}")))
        {
            number++;
        }

        var aside = Path.Combine(folder, "superseded", $"{number}");
        ResultAccess.CreateFolder(aside);
        foreach (var path in there)
        {
            Directory.Move(path, Path.Combine(aside, Path.GetFileName(path)));
        }
    }

    /// <summary>Takes the namespace for this build; the hold's connection is its own, as it outlives the task.</summary>
    private async System.Threading.Tasks.Task HoldAsync(string id, CancellationToken cancellation)
    {
        var engine = (IBuildEngine4)BuildEngine;
        if (engine.GetRegisteredTaskObject(NamespaceHold.Key, RegisteredTaskObjectLifetime.Build) is NamespaceHold)
        {
            return;
        }

        var session = await ConnectAsync(cancellation);
        try
        {
            var lease = await NamespaceLease.AcquireAsync(
                session,
                LeaseHolder.OfThisProcess(id),
                Wait,
                text => Log.LogMessage(MessageImportance.High, text),
                cancellation
            );
            engine.RegisterTaskObject(
                NamespaceHold.Key,
                new NamespaceHold(session, lease),
                RegisteredTaskObjectLifetime.Build,
                allowEarlyCollection: false
            );
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Builds every graph as it would be deployed, checks the rights for all of them, and tells whether they are stand-ins.
    /// </summary>
    private async Task<bool> CheckAsync(ClusterSession session, CancellationToken cancellation)
    {
        var catalog = ScenarioSource.Load(ScenariosFile, LoadProfile, Image, Model, checkManifests: true);
        var graphs = new List<Graph>();
        var chosen = catalog.Select(Scenario);
        foreach (var scenario in chosen.DistinctBy(s => s.Deployment.Name, StringComparer.Ordinal))
        {
            graphs.Add(await GraphKinds.Default.LoadAsync(session, scenario, "check", cancellation));
        }

        await session.RequireAsync(RunPermissions.Of(chosen, graphs), cancellation);
        return graphs.SelectMany(g => g.Objects).Any(o => StandInImages.Serve(o.Body));
    }
}

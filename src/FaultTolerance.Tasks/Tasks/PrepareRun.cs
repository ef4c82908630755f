using FaultTolerance.Cluster;
using FaultTolerance.Deployments;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Results.Measures;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Plans;
using FaultTolerance.Tasks.Sessions;
using FaultTolerance.Tasks.Urls;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>
/// Opens a run's folder, or makes it where a new run is asked for: then the cluster is reached, its permissions are checked for all that
/// the scenarios need, and only after that the folder is made, so that a refusal leaves nothing behind. What is asked for is written there
/// once, as the run's plan, and read from there by whatever comes later.
/// </summary>
public sealed class PrepareRun : ClusterTask
{
    /// <summary>Folder of all runs.</summary>
    [Required]
    public string Results { get; set; } = "";

    /// <summary>The run's id; empty: a new one, or the latest.</summary>
    public string Run { get; set; } = "";

    /// <summary>The scenarios file.</summary>
    public string ScenariosFile { get; set; } = "";

    /// <summary>The profile; empty takes the file's default.</summary>
    public string LoadProfile { get; set; } = "";

    /// <summary>Image for every service; empty keeps the manifests'.</summary>
    public string Image { get; set; } = "";

    /// <summary>Model; empty takes the first that the graph lists.</summary>
    public string Model { get; set; } = "";

    /// <summary>Seed of everything random; empty is 1.</summary>
    public string Seed { get; set; } = "";

    /// <summary>How clients reach frontends: <c>portforward</c> or <c>service</c>.</summary>
    public string Transport { get; set; } = "";

    /// <summary>Rows at the same time; empty takes the profile's.</summary>
    public string Parallelism { get; set; } = "";

    /// <summary>Processors of this machine where the graphs run on it; empty where they run elsewhere.</summary>
    public string Processors { get; set; } = "";

    /// <summary>Whether rows may run side by side.</summary>
    public bool SideBySide { get; set; } = true;

    /// <summary>The scenarios that are meant; those with metadata Uncollected need only collecting, if their graph is there.</summary>
    public ITaskItem[] Scenario { get; set; } = [];

    /// <summary>Names of all rows that were selected, where these are a part of them; else empty.</summary>
    public string[] Matrix { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>Set where a run is to be made (FaultMatrix, Deploy); else it must be there.</summary>
    public bool New { get; set; }

    /// <summary>Set where an existing run is gone on with.</summary>
    public bool Continue { get; set; }

    /// <summary>Set to wait for another run in the namespace to end.</summary>
    public bool Wait { get; set; }

    /// <summary>Set where others of this machine may read the run.</summary>
    public bool SharedResults { get; set; }

    /// <summary>Set where the front runs the build: it releases the namespace itself.</summary>
    public bool Hosted { get; set; }

    /// <summary>Set where the cluster ends with the build: the namespace is not given back then.</summary>
    public bool ClusterEnds { get; set; }

    /// <summary>
    /// The address of a service, with its options as metadata (those of <c>UrlOptions</c>).
    /// </summary>
    public ITaskItem? Address { get; set; }

    /// <summary>The run's id.</summary>
    [Output]
    public string RunId { get; set; } = "";

    /// <summary>The run's folder.</summary>
    [Output]
    public string RunFolder { get; set; } = "";

    /// <summary>Names of the rows whose graph is only to be collected and removed, between semicolons.</summary>
    [Output]
    public string OnlyCollect { get; set; } = ";";

    private string[] Names => [.. Scenario.Select(item => item.ItemSpec)];

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        var id = Find();
        if (!New)
        {
            return;
        }

        if (RunFolder.Length == 0)
        {
            var catalog = UrlOptions.Of(Address).Catalog(ScenariosFile, isNamed: false, LoadProfile, Image, Model);
            var plan = RunPlans.Make(catalog, Names, Asked, alone: !SideBySide, Matrix.Length > 0 ? Matrix : null);
            PodLoads.Refuse(plan.Scenarios, plan.Ingress is not null);
            using var session = await ClusterOfAsync(plan.Scenarios, cancellation);
            var standIn = session is not null && await CheckAsync(session, plan.Scenarios, cancellation);
            await UrlChecks.RunAsync(plan.Scenarios, Time, cancellation);
            var hold = session is null ? null : await HoldAsync(id, cancellation);
            var run = RunFiles.Create(Results, id, catalog, plan, session, Time, standIn, SharedResults);
            (RunId, RunFolder) = (id, run.Path);
            hold?.NoteIn(RunFolder);
        }
        else
        {
            var plan = RunPlans.Read(RunFolder);
            var chosen = plan.Select(Names, id);
            using var session = await ClusterOfAsync(chosen, cancellation);
            _ = session is not null && await CheckAsync(session, chosen, cancellation);
            await UrlChecks.RunAsync(chosen, Time, cancellation);
            var hold = session is null ? null : await HoldAsync(id, cancellation);
            hold?.NoteIn(RunFolder);
            var left = session is null ? [] : await CollectableAsync(session, plan, id, cancellation);
            OnlyCollect = $";{string.Join(';', left)};";
            RunFiles.SetAside(RunFolder, Names.Except(left, StringComparer.Ordinal));
        }
    }

    // None where every row is an address.
    private async Task<ClusterSession?> ClusterOfAsync(IEnumerable<Scenario> rows, CancellationToken cancellation) =>
        rows.All(row => row.Deployment.Url is not null) ? null : await ConnectAsync(cancellation);

    private PlanOptions Asked => new()
    {
        Ingress = UrlOptions.Of(Address).Ingress,
        Source = UrlOptions.Of(Address).Source,
        Image = Image, Model = Model, Seed = Seed, Transport = Transport, Parallelism = Parallelism,
        Processors = ScenarioSource.Count(Processors),
    };

    /// <summary>Finds the run that is gone on with, or names the new one.</summary>
    private string Find()
    {
        var existing = New && !Continue ? null : RunLookup.Latest(Results, Run, Names);
        if (existing is not null)
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

        return !New ? throw RunLookup.Missing(Results, Run) : Run.Length > 0 ? Run : Runs.RunFolder.NewId(Time);
    }

    private Task<NamespaceHold> HoldAsync(string id, CancellationToken cancellation) =>
        NamespaceHold.OfBuildAsync(
            (IBuildEngine4)BuildEngine,
            Hosted,
            ClusterEnds,
            () => ConnectAsync(cancellation),
            id,
            Wait,
            text => Log.LogMessage(MessageImportance.High, "{0}", text),
            cancellation
        );

    /// <summary>
    /// Builds every graph as it would be deployed, checks the rights for all of them, and tells whether they are stand-ins.
    /// </summary>
    private static async Task<bool> CheckAsync(
        ClusterSession session, IReadOnlyList<Scenario> chosen, CancellationToken cancellation)
    {
        var graphs = new List<Graph>();
        foreach (var scenario in chosen.Where(row => row.Deployment.Url is null).DistinctBy(s => s.Deployment.Name, StringComparer.Ordinal))
        {
            graphs.Add(await GraphKinds.Default.LoadAsync(session, scenario, "check", cancellation));
        }

        await session.RequireAsync(RunPermissions.Of([.. chosen.Where(row => row.Deployment.Url is null)], graphs), cancellation);
        return graphs.SelectMany(g => g.Objects).Any(o => StandInImages.Serve(o.Body));
    }

    // A row that was ended while it was collected: its load is measured, and its graph may still stand.
    private async Task<IReadOnlyList<string>> CollectableAsync(
        ClusterSession session, RunPlan plan, string id, CancellationToken cancellation)
    {
        var left = new List<string>();
        var own = new OwnObjects(session);
        foreach (var name in Scenario.Where(item => item.GetMetadata("Uncollected") == "true").Select(item => item.ItemSpec))
        {
            var graph = await GraphKinds.Default.LoadAsync(session, plan.Select([name], id)[0], id, cancellation);
            var found = await own.FindAsync(graph.Objects.Select(o => o.Type).Distinct(), id, cancellation);
            if (graph.Objects.All(o => found.Any(f => f.Type == o.Type && f.Name == o.Name && !f.IsTerminating)))
            {
                left.Add(name);
            }
        }

        return left;
    }
}

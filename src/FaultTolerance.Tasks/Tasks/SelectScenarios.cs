using System.Globalization;
using FaultTolerance.Faults;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Planning;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Scenarios;
using FaultTolerance.Tasks.Urls;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace FaultTolerance.Tasks;

/// <summary>
/// Says which scenarios are meant: of the scenarios file for a new run, of the run's own plan where one is gone on with. Writes nothing and
/// asks no cluster.
/// </summary>
public sealed class SelectScenarios : AsyncTask
{
    /// <summary>The scenarios file.</summary>
    [Required]
    public string ScenariosFile { get; set; } = "";

    /// <summary>The scenarios file where somebody named it; else empty.</summary>
    public string ScenariosFileGiven { get; set; } = "";

    /// <summary>Names and globs of scenarios.</summary>
    public string[] Scenario { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>Names and globs of deployments.</summary>
    public string[] Deployment { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>Names and globs of failures.</summary>
    public string[] Failure { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>The profile; empty takes the file's default.</summary>
    public string LoadProfile { get; set; } = "";

    /// <summary>Image for every service; empty keeps the manifests'.</summary>
    public string Image { get; set; } = "";

    /// <summary>Model; empty takes the first that the graph lists.</summary>
    public string Model { get; set; } = "";

    /// <summary>How clients reach frontends, where somebody said so; else empty.</summary>
    public string TransportGiven { get; set; } = "";

    /// <summary>Rows at the same time, where somebody said so; else empty.</summary>
    public string Parallelism { get; set; } = "";

    /// <summary>Processors of this machine where the graphs run on it; empty where they run elsewhere.</summary>
    public string Processors { get; set; } = "";

    /// <summary>Set where the platform is restarted before each row: rows then run one at a time.</summary>
    public bool RestartPlatform { get; set; }

    /// <summary>Set where a run is gone on with by phases: its plan says what there is.</summary>
    public bool OfRun { get; set; }

    /// <summary>Set to go on with a run, and to leave out what it has a result for.</summary>
    public bool Continue { get; set; }

    /// <summary>The run's id; empty for the latest.</summary>
    public string Run { get; set; } = "";

    /// <summary>Folder of all runs.</summary>
    public string Results { get; set; } = "";

    /// <summary>How often each row is tried; empty is once.</summary>
    public string Trials { get; set; } = "";

    /// <summary>Seed of the order of trials; empty is 1.</summary>
    public string Seed { get; set; } = "";

    /// <summary>Columns of the summary table: an unknown one is refused here, before anything is deployed.</summary>
    public string[] Columns { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>
    /// The address of a service, with its options as metadata (those of <c>UrlOptions</c>).
    /// </summary>
    public ITaskItem? Address { get; set; }

    /// <summary>
    /// The scenarios, with metadata Deployment, Failure, Profile, Graph, Planned (requests), ExpectedSeconds (start, load and end),
    /// Parallelism (the plan's), ParallelismElsewhere (what it would be, where this machine's processors lower it), Alone (true where rows
    /// must not run side by side), PodNetworks (true where a local cluster has to give pods networks of their own), Run (the one that is
    /// gone on with), Uncollected (true where all but the collecting is done) and Url (true where the row is an address and needs no
    /// cluster).
    /// </summary>
    [Output]
    public ITaskItem[] Scenarios { get; set; } = [];

    /// <summary>The run that is gone on with; empty for a new one.</summary>
    [Output]
    public string RunId { get; set; } = "";

    /// <summary>Whether rows may run side by side.</summary>
    [Output]
    public bool SideBySide { get; set; }

    /// <summary>Whether any row needs a cluster.</summary>
    [Output]
    public bool NeedsCluster { get; set; } = true;

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        _ = SummaryColumns.Find(Columns);
        var folder = OfRun || Continue ? RunLookup.Latest(Results, Run, Scenario) : null;
        if (folder is null && OfRun)
        {
            throw RunLookup.Missing(Results, Run);
        }

        if (folder is null)
        {
            await OfFileAsync(cancellation);
        }
        else
        {
            OfPlan(folder, cancellation);
        }
    }

    private async System.Threading.Tasks.Task OfFileAsync(CancellationToken cancellation)
    {
        var address = UrlOptions.Of(Address);
        var byAddress = address.Ingress is not null;
        var catalog = address.Catalog(ScenariosFile, ScenariosFileGiven.Length > 0, LoadProfile, "", Model);
        var selected = TrialOrder.Of(
            catalog.Select(Patterns(catalog)), ScenarioSource.Number(Trials), ScenarioSource.Number(Seed)).ToArray();
        PodLoads.Refuse(selected, byAddress);
        var alone = RestartPlatform | await CheckGraphsAsync(selected, cancellation);
        var atATime = catalog.Parallelism.On(ScenarioSource.Count(Processors));
        Give(selected, alone ? 1 : atATime, alone, []);
        foreach (var item in atATime < catalog.Parallelism.AtMost ? Scenarios : [])
        {
            item.SetMetadata("ParallelismElsewhere", catalog.Parallelism.AtMost.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void OfPlan(string folder, CancellationToken cancellation)
    {
        RunId = Path.GetFileName(folder);
        var plan = RunPlans.Read(folder);
        Given.MustAgree(plan, RunId);
        var wanted = plan.Select(Scenario, RunId)
            .Where(row => Any(Deployment, row.Deployment.Name) && Any(Failure, row.Failure.Name)).ToArray();
        if (wanted.Length == 0)
        {
            throw new FaultMatrixException("FT0210", $"run '{RunId}' has no scenario of that deployment and failure; its plan has "
                + string.Join(", ", plan.Scenarios.Select(row => row.Name)));
        }

        var rows = Continue
            ? RunParser.Parse(folder, cancellation: cancellation).Scenarios.ToDictionary(row => row.Name, StringComparer.Ordinal) : [];
        var selected = wanted.Where(row => rows.GetValueOrDefault(row.Name)?.IsDone != true).ToArray();
        var alone = RestartPlatform || plan.Alone;
        Give(selected, alone ? 1 : plan.Parallelism, alone,
            [.. rows.Values.Where(row => row.LacksOnlyCollecting).Select(row => row.Name)]);
    }

    private PlanOptions Given => new()
    {
        ScenariosFile = ScenariosFileGiven,
        LoadProfile = LoadProfile,
        Image = Image,
        Model = Model,
        Seed = Seed,
        Transport = TransportGiven,
        Parallelism = Parallelism,
        Source = UrlOptions.Of(Address).Source,
    };

    private void Give(Scenario[] selected, int parallelism, bool alone, IReadOnlyCollection<string> uncollected)
    {
        SideBySide = !alone;
        NeedsCluster = selected.Length == 0 || Array.Exists(selected, row => row.Deployment.Url is null);
        Scenarios = [.. selected.Select(s => Item(s, parallelism, alone, uncollected.Contains(s.Name, StringComparer.Ordinal), RunId))];
    }

    // Whether rows must not run side by side, as graphs in one Dynamo namespace are one service; and that each fault aims at something that
    // is there.
    private async Task<bool> CheckGraphsAsync(IReadOnlyList<Scenario> selected, CancellationToken cancellation)
    {
        var shares = false;
        var faults = new List<Diagnostic>();
        foreach (var rows in selected.Where(s => s.Deployment.Url is null).GroupBy(s => s.Deployment.Name, StringComparer.Ordinal))
        {
            var graph = await GraphKinds.Default.LoadAsWrittenAsync(rows.First(), "select", "default", cancellation);
            if (graph.SharedNamespace is { } space)
            {
                shares = true;
                Log.LogMessage(
                    MessageImportance.High,
                    "{0}",
                    $"Graphs of {rows.Key} share the Dynamo namespace '{space}': rows run one at a time."
                );
            }

            foreach (var warning in graph.Warnings)
            {
                Log.LogWarning(null, warning.Code, null, warning.File, warning.Line, 0, 0, 0, "{0}", warning.Message);
            }

            if (GraphShape.GatewayMissing(graph) is { } gateway)
            {
                faults.Add(new Diagnostic("FT0233", Severity.Error,
                    $"the deployment '{rows.Key}' cannot be measured: {gateway}") { File = ScenariosFile });
            }

            faults.AddRange(rows.SelectMany(s => s.Failure.Faults.Select(f => Misaimed(f, s.Failure.Name, graph))).OfType<string>()
                .Distinct(StringComparer.Ordinal).Select(text => new Diagnostic("FT0232", Severity.Error, text) { File = ScenariosFile }));
            faults.AddRange(
                rows.SelectMany(s =>
                        s.Failure.Faults.Where(f => f.Target.Length > 0 && graph.Find(f.Target) is null).Select(f =>
                            (Failure: s.Failure.Name, f.Target))
                    )
                    .Distinct()
                    .Select(f => new Diagnostic(
                        "FT0221",
                        Severity.Error,
                        $"the failure '{f.Failure}' aims at '{f.Target}', which the deployment '{rows.Key}' does not have; it has {string.Join(", ", graph.Services.Select(s => $"{s.Name} ({s.Role})"))}"
                    )
                    {
                        File = ScenariosFile,
                    })
            );
        }

        return faults.Count == 0 ? shares : throw new ScenarioFileException([.. faults]);
    }

    private static string? Misaimed(Fault fault, string failure, Graph graph)
    {
        try
        {
            _ = graph.Find(fault.Target) is null ? null : FaultKinds.Standard.Of(fault).Plan(fault, graph);
            return null;
        }
        catch (FaultMatrixException e) when (e.Code == "FT0232")
        {
            return $"the failure '{failure}': {e.Message}";
        }
    }

    // Deployment and Failure narrow what Scenario names, and where it names nothing the matrix: they add no row that it does not have. A
    // deployment that the matrix does not have at all is meant with all of its failures, where it is named in full.
    private IEnumerable<string> Patterns(ScenarioCatalog catalog)
    {
        if (Deployment.Length == 0 && Failure.Length == 0)
        {
            return Scenario;
        }

        var named = catalog.Select(Scenario);
        var deployments = Deployment.Length == 0 ? ["*"] : Deployment;
        var failures = Failure.Length == 0 ? ["*"] : Failure;
        var chosen = (Scenario.Length > 0 ? named : catalog.All)
            .Where(s => deployments.Any(p => Glob.Matches(p, s.Deployment.Name)) && failures.Any(p => Glob.Matches(p, s.Failure.Name)))
            .Where(s => Scenario.Length > 0 || catalog.Matrix.Contains(s) || IsNamedBesideTheMatrix(catalog, s.Deployment.Name))
            .Select(s => s.Name).ToList();
        return chosen.Count > 0
            ? chosen
            : throw new FaultMatrixException(
                "FT0210",
                $"No scenario {(Scenario.Length > 0 ? "that is named" : "of the matrix")} has a deployment like '{string.Join("', '", deployments)}' and a failure like '{string.Join("', '", failures)}'; --list shows all, and --scenario takes any."
            )
            {
                File = ScenariosFile,
            };
    }

    private bool IsNamedBesideTheMatrix(ScenarioCatalog catalog, string deployment) =>
        Array.Exists(Deployment, p => !Glob.IsPattern(p) && string.Equals(p, deployment, StringComparison.OrdinalIgnoreCase))
        && !catalog.Matrix.Any(s => s.Deployment.Name == deployment);

    private static bool Any(string[] patterns, string name) =>
        patterns.Length == 0 || Array.Exists(patterns, pattern => Glob.Matches(pattern, name));

    private static TaskItem Item(Scenario scenario, int parallelism, bool alone, bool uncollected, string run)
    {
        var item = new TaskItem(scenario.Name);
        item.SetMetadata("Deployment", scenario.Deployment.Name);
        item.SetMetadata("Failure", scenario.Failure.Name);
        item.SetMetadata("Profile", scenario.Profile);
        item.SetMetadata("Graph", scenario.GraphName);
        item.SetMetadata("Planned", scenario.Load.Planned.ToString(CultureInfo.InvariantCulture));
        item.SetMetadata("ExpectedSeconds", ExpectedDuration.Of(scenario).TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture));
        item.SetMetadata("Parallelism", parallelism.ToString(CultureInfo.InvariantCulture));
        if (alone)
        {
            item.SetMetadata("Alone", "true");
        }

        if (scenario.Failure.Faults.Any(fault => FaultKinds.Standard.Of(fault).NeedsPodNetworks))
        {
            item.SetMetadata("PodNetworks", "true");
        }

        if (scenario.Deployment.Url is not null)
        {
            item.SetMetadata("Url", "true");
        }

        if (run.Length > 0)
        {
            item.SetMetadata("Run", run);
        }

        if (uncollected)
        {
            item.SetMetadata("Uncollected", "true");
        }

        return item;
    }
}

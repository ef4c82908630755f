using System.Globalization;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Planning;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Scenarios;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace FaultTolerance.Tasks;

/// <summary>Reads the scenarios file and says which scenarios are meant. Writes nothing and asks no cluster.</summary>
public sealed class SelectScenarios : AsyncTask
{
    /// <summary>The scenarios file.</summary>
    [Required]
    public string ScenariosFile { get; set; } = "";

    /// <summary>Names and globs of scenarios.</summary>
    public string[] Scenario { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>Names and globs of deployments.</summary>
    public string[] Deployment { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>Names and globs of failures.</summary>
    public string[] Failure { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>The profile; empty takes the file's default.</summary>
    public string LoadProfile { get; set; } = "";

    /// <summary>Set to leave out what the run has a result for.</summary>
    public bool Continue { get; set; }

    /// <summary>The folder of the run that is continued; empty for the latest of <see cref="Results"/>.</summary>
    public string RunFolder { get; set; } = "";

    /// <summary>Folder of all runs.</summary>
    public string Results { get; set; } = "";

    /// <summary>How often each row is tried; empty is once.</summary>
    public string Trials { get; set; } = "";

    /// <summary>Seed of the order of trials; empty is 1.</summary>
    public string Seed { get; set; } = "";

    /// <summary>Columns of the summary table: an unknown one is refused here, before anything is deployed.</summary>
    public string[] Columns { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>
    /// The scenarios, with metadata Deployment, Failure, Profile, Graph, Planned (requests), ExpectedSeconds (start, load and end),
    /// Parallelism (the profile's) and Alone (true where rows must not run side by side).
    /// </summary>
    [Output]
    public ITaskItem[] Scenarios { get; set; } = [];

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        _ = SummaryColumns.Find(Columns);
        var catalog = ScenarioSource.Load(ScenariosFile, LoadProfile, "", "", checkManifests: true);
        var continued = !Continue ? null : RunFolder.Length > 0 ? RunFolder : Runs.RunFolder.FindLatest(Results);
        var done = continued is not null && Directory.Exists(continued)
            ? RunParser.Parse(continued, cancellation: cancellation).Scenarios
                .Where(row => row.State is RowState.Measured or RowState.Baseline).Select(row => row.Name).ToHashSet(StringComparer.Ordinal)
            : [];
        var wanted = TrialOrder.Of(catalog.Select(Patterns(catalog)), Number(Trials), Number(Seed));
        var selected = wanted.Where(s => !done.Contains(s.Name)).ToArray();
        var alone = await CheckGraphsAsync(selected, cancellation);
        Scenarios = [.. selected.Select(s => Item(s, alone ? 1 : catalog.Parallelism, alone))];
    }

    // Whether rows must not run side by side, as graphs in one Dynamo namespace are one service; and that each fault aims at something that
    // is there.
    private async Task<bool> CheckGraphsAsync(IReadOnlyList<Scenario> selected, CancellationToken cancellation)
    {
        var shares = false;
        var faults = new List<Diagnostic>();
        foreach (var rows in selected.GroupBy(s => s.Deployment.Name, StringComparer.Ordinal))
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

            faults.AddRange(
                rows.SelectMany(s =>
                        s.Failure.Faults.Where(f => graph.Find(f.Target) is null).Select(f => (Failure: s.Failure.Name, f.Target))
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

    private static int Number(string value) => value.Length == 0 ? 1 : int.Parse(value, CultureInfo.InvariantCulture);

    private static TaskItem Item(Scenario scenario, int parallelism, bool alone)
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

        return item;
    }
}

using System.Collections.Immutable;
using FaultMatrix.Shared;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Scenarios;

/// <summary>The scenarios of a file under one profile: the default matrix, and all that a name can ask for.</summary>
internal sealed class ScenarioCatalog
{
    private readonly Dictionary<string, string> _inapplicable = new(StringComparer.OrdinalIgnoreCase);

    private ScenarioCatalog(string file, string profile, Parallelism parallelism)
    {
        File = file;
        Profile = profile;
        Parallelism = parallelism;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The profile.</summary>
    public string Profile { get; }

    /// <summary>How many scenarios run at the same time where nobody says otherwise.</summary>
    public Parallelism Parallelism { get; }

    /// <summary>Texts by which logs say that a pod serves, beside those that the tool knows.</summary>
    public ImmutableArray<ReadyTextRule> ReadyTexts { get; private init; } = [];

    /// <summary>What runs where nothing is selected, in order.</summary>
    public ImmutableArray<Scenario> Matrix { get; private set; } = [];

    /// <summary>Every deployment with every failure that applies to it.</summary>
    public ImmutableArray<Scenario> All { get; private set; } = [];

    private Func<string, LoadSpec> LoadOf { get; init; } = static _ => new LoadSpec();

    /// <summary>
    /// The catalog of one row: a service at an address, loaded as the profile says, and searched for damage from outside.
    /// </summary>
    /// <param name="target">The service.</param>
    /// <param name="model">The model; null takes the first that it lists.</param>
    /// <param name="api">What it is asked for; null: as the load says.</param>
    /// <param name="change">What was given beside the address changes the load, and each step of its sweep; null: nothing was.</param>
    public ScenarioCatalog ForUrl(UrlTarget target, string? model, Api? api, Func<LoadSpec, LoadSpec>? change = null)
    {
        var deployment = new Deployment { Name = UrlRow, Manifest = "", Url = target, Model = model };
        var failure = new Failure(ExternalFailure.Word, []) { External = new ExternalFailure() };
        var load = LoadOf(UrlRow);
        LoadSpec Changed(LoadSpec spec) => (change ?? (static same => same))(spec with { Api = api ?? spec.Api });
        load = Changed(load);
        var row = new Scenario(deployment, failure, load with { Sweep = [] }, Profile)
        {
            GraphName = GraphNames.For(deployment.Name, failure.Name),
        };
        var rows = Steps(row, load with { Sweep = [.. load.Sweep.Select(step => step with { Load = Changed(step.Load) })] });
        return new ScenarioCatalog(File, Profile, new Parallelism(1)) { All = rows, Matrix = rows, LoadOf = LoadOf };
    }

    // What the row of an address is called, before its failure.
    private const string UrlRow = "url";

    /// <summary>
    /// Selects by names and globs, letters' case ignored, each scenario once, in the catalog's order. A glob looks in the matrix, and
    /// where it finds nothing there among all. A later trial (<c>agg-tp-1-dp-1-frontend.2</c>) is selected by its name. Nothing given
    /// selects the matrix.
    /// </summary>
    /// <exception cref="ScenarioFileException">With every pattern that selects nothing.</exception>
    public ImmutableArray<Scenario> Select(IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        var faults = ImmutableArray.CreateBuilder<Diagnostic>();
        var any = false;
        foreach (var pattern in patterns)
        {
            any = true;
            if (TrialName.Split(pattern) is { Trial: > 1 } trial && All.Any(scenario => Glob.Matches(trial.Row, scenario.Name)))
            {
                chosen.UnionWith(
                    All.Where(scenario => Glob.Matches(trial.Row, scenario.Name)).Select(scenario => scenario.AsTrial(trial.Trial).Name)
                );
                continue;
            }

            var from = Glob.IsPattern(pattern) && Matrix.Any(scenario => Glob.Matches(pattern, scenario.Name)) ? Matrix : All;
            var found = from.Where(scenario => Glob.Matches(pattern, scenario.Name)).Select(scenario => scenario.Name).ToList();
            chosen.UnionWith(found);
            if (found.Count == 0)
            {
                faults.Add(_inapplicable.TryGetValue(pattern, out var why)
                    ? new Diagnostic(ScenarioCodes.DoesNotApply, Severity.Error, why) { File = File }
                    : new Diagnostic(ScenarioCodes.UnknownScenario, Severity.Error, Unknown(pattern)) { File = File });
            }
        }

        if (faults.Count > 0)
        {
            throw new ScenarioFileException(faults.ToImmutable());
        }

        // The matrix's order first, then what stands outside it.
        return any
            ?
            [
                .. Matrix
                    .Concat(All)
                    .DistinctBy(scenario => scenario.Name, StringComparer.Ordinal)
                    .SelectMany(scenario => Chosen(scenario, chosen)),
            ]
            : Matrix;
    }

    private static IEnumerable<Scenario> Chosen(Scenario scenario, HashSet<string> names) =>
        Enumerable.Range(1, TrialName.Most).Where(trial => names.Contains(TrialName.Of(scenario.Name, trial))).Select(scenario.AsTrial);

    internal static ScenarioCatalog Build(
        string file,
        Profile profile,
        Func<string, LoadSpec> load,
        Dictionary<string, Deployment> deployments,
        Dictionary<string, Failure> failures,
        List<MatrixRow> matrix,
        IReadOnlyList<CheckRule>? checks = null,
        ScenarioVocabulary? vocabulary = null,
        ImmutableArray<ReadyTextRule> readyTexts = default)
    {
        var catalog = new ScenarioCatalog(file, profile.Name, profile.AtATime)
        {
            LoadOf = load,
            ReadyTexts = readyTexts.IsDefault ? [] : readyTexts,
        };
        var all = new Dictionary<(string, string), ImmutableArray<Scenario>>();
        var own = matrix.Where(row => row.Name is not null).ToDictionary(row => (row.Deployment, row.Failure), row => row.Name);
        foreach (var deployment in deployments.Values)
        {
            foreach (var failure in failures.Values)
            {
                var spec = load(deployment.Name);
                spec = spec with { StopWhen = StopWhen.Either(spec.StopWhen, failure.StopWhen) };
                var scenario = new Scenario(deployment with { Overlay = profile.Overlay }, failure, spec with { Sweep = [] }, profile.Name)
                {
                    OwnName = own.GetValueOrDefault((deployment.Name, failure.Name)),
                    GraphName = GraphNames.For(deployment.Name, failure.Name),
                };
                scenario = scenario with { Checks = CheckRule.For(checks ?? [], vocabulary ?? new(), scenario) };
                if (deployment.Url is not null && !failure.Faults.IsEmpty)
                {
                    catalog._inapplicable[scenario.Name] =
                        $"the failure '{failure.Name}' breaks pods, and the deployment '{deployment.Name}' is an address; use one of kind '{ExternalFailure.Word}'";
                }
                else if (deployment.Url is null && spec.RateSearch is not null)
                {
                    catalog._inapplicable[scenario.Name] =
                        $"the load '{spec.Name}' looks for a rate ('findRate'), which it can at an address alone, and the deployment '{deployment.Name}' is a graph; use another profile";
                }
                else if (MissingRole(deployment, failure) is { } role)
                {
                    catalog._inapplicable[scenario.Name] =
                        $"the failure '{failure.Name}' needs a {role} service, which the deployment '{deployment.Name}' does not have";
                }
                else
                {
                    all[(deployment.Name, failure.Name)] = Steps(scenario, spec);
                }
            }
        }

        catalog.All = [.. all.Values.SelectMany(rows => rows)];
        catalog.Matrix = [.. matrix.SelectMany(row => all.GetValueOrDefault((row.Deployment, row.Failure), []))];
        return catalog;
    }

    // A load's sweep makes a row of each step, under a name and in a graph of its own.
    private static ImmutableArray<Scenario> Steps(Scenario row, LoadSpec load) => load.Sweep.IsEmpty ? [row] :
    [
        .. load.Sweep.Select(step => row with
        {
            Load = step.Load with { StopWhen = row.Load.StopWhen },
            Step = step.Suffix,
            OwnName = row.OwnName is { } own ? $"{own}-{step.Suffix}" : $"{row.Deployment.Name}-{step.Suffix}-{row.Failure.Name}",
            GraphName = GraphNames.For($"{row.Deployment.Name}-{step.Suffix}", row.Failure.Name),
        }),
    ];

    // A target that is no role is a service's own name, which only the manifest knows.
    private static string? MissingRole(Deployment deployment, Failure failure) =>
        deployment.Roles.IsEmpty
            ? null
            : failure.Faults.Select(fault => fault.Target).FirstOrDefault(target =>
                target is "frontend" or "decode" or "prefill" && !deployment.Roles.Contains(target, StringComparer.Ordinal));

    private string Unknown(string pattern) =>
        Glob.IsPattern(pattern)
            ? $"no scenario matches '{pattern}'{NearestName.Hint(pattern, [.. All.Select(scenario => scenario.Deployment.Name).Distinct(StringComparer.Ordinal)])}"
            : $"there is no scenario '{pattern}'{NearestName.Hint(pattern, [.. All.Select(scenario => scenario.Name)])}";
}

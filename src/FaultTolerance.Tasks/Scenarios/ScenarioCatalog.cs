using System.Collections.Immutable;
using FaultMatrix.Shared;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Scenarios;

/// <summary>The scenarios of a file under one profile: the default matrix, and all that a name can ask for.</summary>
internal sealed class ScenarioCatalog
{
    private readonly Dictionary<string, string> _inapplicable = new(StringComparer.OrdinalIgnoreCase);

    private ScenarioCatalog(string file, Profile profile)
    {
        File = file;
        Profile = profile.Name;
        Parallelism = profile.Parallelism;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The profile.</summary>
    public string Profile { get; }

    /// <summary>How many scenarios run at the same time where nobody says otherwise, at least 1.</summary>
    public int Parallelism { get; }

    /// <summary>Texts by which logs say that a pod serves, beside those that the tool knows.</summary>
    public ImmutableArray<ReadyTextRule> ReadyTexts { get; private init; } = [];

    /// <summary>What runs where nothing is selected, in order.</summary>
    public ImmutableArray<Scenario> Matrix { get; private set; } = [];

    /// <summary>Every deployment with every failure that applies to it.</summary>
    public ImmutableArray<Scenario> All { get; private set; } = [];

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
        var catalog = new ScenarioCatalog(file, profile) { ReadyTexts = readyTexts.IsDefault ? [] : readyTexts };
        var all = new Dictionary<(string, string), Scenario>();
        var own = matrix.Where(row => row.Name is not null).ToDictionary(row => (row.Deployment, row.Failure), row => row.Name);
        foreach (var deployment in deployments.Values)
        {
            foreach (var failure in failures.Values)
            {
                var under = load(deployment.Name);
                under = under with { StopWhen = StopWhen.Either(under.StopWhen, failure.StopWhen) };
                var scenario = new Scenario(deployment with { Overlay = profile.Overlay }, failure, under, profile.Name)
                {
                    OwnName = own.GetValueOrDefault((deployment.Name, failure.Name)),
                    GraphName = GraphNames.For(deployment.Name, failure.Name),
                };
                scenario = scenario with { Checks = CheckRule.For(checks ?? [], vocabulary ?? new(), scenario) };
                if (MissingRole(deployment, failure) is { } role)
                {
                    catalog._inapplicable[scenario.Name] =
                        $"the failure '{failure.Name}' needs a {role} service, which the deployment '{deployment.Name}' does not have";
                }
                else
                {
                    all[(deployment.Name, failure.Name)] = scenario;
                }
            }
        }

        catalog.All = [.. all.Values];
        catalog.Matrix = [.. matrix.Select(row => all.GetValueOrDefault((row.Deployment, row.Failure))).OfType<Scenario>()];
        return catalog;
    }

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

using System.Collections.Immutable;

namespace FaultTolerance.Scenarios;

/// <summary>
/// An entry of <c>checks</c>: which rows it is for, by globs that must all match (an empty list matches all), and what it asks.
/// </summary>
/// <param name="Scenarios">Globs of rows, by deployment and failure.</param>
/// <param name="Deployments">Globs of deployments.</param>
/// <param name="Failures">Globs of failures.</param>
/// <param name="Loads">Globs of loads.</param>
/// <param name="Checks">What is asked of the rows that match.</param>
internal sealed record CheckRule(
    ImmutableArray<string> Scenarios,
    ImmutableArray<string> Deployments,
    ImmutableArray<string> Failures,
    ImmutableArray<string> Loads,
    ImmutableArray<CheckSpec> Checks
)
{
    /// <summary>What is asked of a row. Of two entries that ask the same the later decides; the defaults come before all.</summary>
    public static ImmutableArray<CheckSpec> For(
        IEnumerable<CheckRule> rules, ScenarioVocabulary vocabulary, Scenario scenario)
    {
        var (deployment, failure, load) = (scenario.Deployment.Name, scenario.Failure.Name, scenario.Load.Name);
        var order = vocabulary.Checks.SelectMany(check => check.Kinds).ToList();
        var asked = vocabulary.DefaultChecks(scenario).ToDictionary(check => check.Identity);
        foreach (var rule in rules.Where(rule => rule.Matches(deployment, failure, load)))
        {
            foreach (var check in rule.Checks)
            {
                asked[check.Identity] = check;
            }
        }

        return
        [
            .. asked
                .Values.OrderBy(check => order.IndexOf(check.Kind))
                .ThenBy(check => check.Service, StringComparer.Ordinal)
                .ThenBy(check => check.Subject, StringComparer.Ordinal),
        ];
    }

    private bool Matches(string deployment, string failure, string load) =>
        Any(Scenarios, $"{deployment}-{failure}") && Any(Deployments, deployment) && Any(Failures, failure) && Any(Loads, load);

    private static bool Any(ImmutableArray<string> patterns, string name) =>
        patterns.IsEmpty || patterns.Any(pattern => Glob.Matches(pattern, name));
}

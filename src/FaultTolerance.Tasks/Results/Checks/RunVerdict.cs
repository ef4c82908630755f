using System.Collections.Immutable;

namespace FaultTolerance.Results.Checks;

/// <summary>The checks of a run, by row. Apart from whether the rows were measured: a row can be measured and fail.</summary>
/// <param name="Rows">Per scenario its checks; a scenario that none applies to is not in it.</param>
internal sealed record RunVerdict(ImmutableSortedDictionary<string, ImmutableArray<CheckResult>> Rows)
{
    /// <summary>A run without checks: no verdict.</summary>
    public static RunVerdict None { get; } =
        new(ImmutableSortedDictionary<string, ImmutableArray<CheckResult>>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>All checks.</summary>
    public IEnumerable<CheckResult> All => Rows.Values.SelectMany(checks => checks);

    /// <summary>The row's checks; empty where there are none.</summary>
    public ImmutableArray<CheckResult> ChecksOf(string scenario) => Rows.TryGetValue(scenario, out var checks) ? checks : [];

    /// <summary>The row's verdict, the worst of its checks; null where it has none.</summary>
    public CheckOutcome? Of(string scenario) => Worst(ChecksOf(scenario));

    /// <summary>The verdict of a row with all its trials, the worst of all their checks; null where there are none.</summary>
    public CheckOutcome? Of(IEnumerable<ScenarioResult> trials) => Worst(trials.SelectMany(trial => ChecksOf(trial.Name)));

    /// <summary>The run's verdict, the worst of all checks; null where there are none.</summary>
    public CheckOutcome? Overall => Worst(All);

    /// <summary>How many checks came to an outcome.</summary>
    public int Count(CheckOutcome outcome) => All.Count(check => check.Outcome == outcome);

    /// <summary>How many scenarios are judged by something that is the user's own.</summary>
    public int OwnRows => Rows.Values.Count(checks => checks.Any(check => !check.IsDefault));

    /// <summary>Which bars the rows have, in a sentence; null where nothing is judged by default.</summary>
    public string? Bars => !All.Any(check => check.IsDefault) ? null
        : OwnRows == 0 ? "All rows have the default bars."
        : $"{OwnRows} of {Rows.Count} rows have bars of the user’s own.";

    /// <summary>Whether a gate is to stop the run: a check failed, or in strict mode one is unknown.</summary>
    public bool Stops(bool strict) =>
        All.Any(check => check.Outcome == CheckOutcome.Fail || (strict && check.Outcome == CheckOutcome.Unknown));

    /// <summary>Per deployment its score. A deployment without checks has none.</summary>
    public ImmutableArray<Score> Scores(IEnumerable<ScenarioResult> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return
        [
            .. rows.GroupBy(row => row.Group, StringComparer.Ordinal)
                .Select(group => (group.Key, Checks: group.SelectMany(row => ChecksOf(row.Name)).ToList()))
                .Where(group => group.Checks.Count > 0)
                .Select(group =>
                    (group.Key, group.Checks, Passed: group.Checks.Where(check => check.Outcome == CheckOutcome.Pass).ToList())
                )
                .Select(group => new Score(
                    group.Key,
                    group.Passed.Count,
                    group.Checks.Count,
                    group.Passed.Sum(check => check.Weight) / group.Checks.Sum(check => check.Weight)
                )),
        ];
    }

    private static CheckOutcome? Worst(IEnumerable<CheckResult> checks) => checks.Select(check => (CheckOutcome?)check.Outcome).Max();
}

using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FaultTolerance.Scenarios.Plans;

/// <summary>
/// What a run was asked for, resolved once when it is made. Each phase and each process of the run reads this, so that an edit of
/// scenarios.json or of a manifest in the middle of a run changes nothing in it.
/// </summary>
internal sealed record RunPlan
{
    /// <summary>Full path of the scenarios file that it was made from.</summary>
    public required string ScenariosFile { get; init; }

    /// <summary>SHA-256 of that file, in hex.</summary>
    public required string ScenariosHash { get; init; }

    /// <summary>The load profile.</summary>
    public required string Profile { get; init; }

    /// <summary>Image given for every service; null: the manifests' own.</summary>
    public string? Image { get; init; }

    /// <summary>Model given for every deployment; null: the file's, or the first that a graph lists.</summary>
    public string? Model { get; init; }

    /// <summary>Seed of everything random.</summary>
    public required int Seed { get; init; }

    /// <summary>How clients reach frontends: <c>portforward</c>, <c>service</c> or <c>url</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>The address that leads to the frontends, an ingress, with the transport <c>url</c>; else null.</summary>
    public UrlTarget? Ingress { get; init; }

    /// <summary>From where the loads of all rows come, where somebody said so; null: as each says itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LoadSource? Source { get; init; }

    /// <summary>Rows that run at the same time, at least 1.</summary>
    public required int Parallelism { get; init; }

    /// <summary>Whether rows must not run side by side, whatever is asked for.</summary>
    public bool Alone { get; init; }

    /// <summary>
    /// Names of all rows that were selected, in order, where this run is a part of them (<c>--partition</c>); null where it is the whole.
    /// </summary>
    public IReadOnlyList<string>? Matrix { get; init; }

    /// <summary>The rows in their order, resolved: overrides, profile, checks.</summary>
    public required ImmutableArray<Scenario> Scenarios { get; init; }

    /// <summary>The rows of these names and globs, letters' case ignored, in the plan's order; all where none is given.</summary>
    /// <param name="patterns">Names and globs of rows; a row's own name stands for the first trial.</param>
    /// <param name="run">The run's id, for the message.</param>
    /// <exception cref="FaultMatrixException">FT0210: a pattern selects none of the run's rows.</exception>
    public ImmutableArray<Scenario> Select(IReadOnlyCollection<string> patterns, string run)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        var stray = patterns.FirstOrDefault(pattern => !Scenarios.Any(row => Glob.Matches(pattern, row.Name)));
        return stray is null
            ? [.. Scenarios.Where(row => patterns.Count == 0 || patterns.Any(pattern => Glob.Matches(pattern, row.Name)))]
            : throw new FaultMatrixException(
                "FT0210",
                $"run '{run}' has no scenario '{stray}'; its plan has {string.Join(", ", Scenarios.Select(row => row.Name))}"
            );
    }
}

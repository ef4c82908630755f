using System.Collections.Immutable;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Measures;

namespace FaultTolerance.Results;

/// <summary>A run as its artefacts tell it.</summary>
internal sealed record RunResult
{
    /// <summary>The folder, full path.</summary>
    public required string Folder { get; init; }

    /// <summary>The run's id by run.json; empty where it does not tell, as in folders of the reference suite.</summary>
    public string Id { get; init; } = "";

    /// <summary>
    /// The version of what measures mean that the run was made under, <see cref="DefinitionsVersion"/>; 1 where run.json does not tell.
    /// </summary>
    public int Definitions { get; init; } = 1;

    /// <summary>Whether the graphs were stand-ins, which must be said wherever a result is shown.</summary>
    public bool StandIn { get; init; }

    /// <summary>The latency limit in seconds, or null.</summary>
    public double? Sla { get; init; }

    /// <summary>
    /// The rows: groups by name (in folders of the reference suite in the directory's order), in each the reference suite's order of
    /// failures.
    /// </summary>
    public ImmutableArray<ScenarioResult> Scenarios { get; init; } = [];

    /// <summary>What was measured.</summary>
    public MeasureCatalog Measures { get; init; } = MeasureCatalog.Default;

    /// <summary>Findings about the run as a whole; those of a scenario are with it.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>What the checks came to; <see cref="RunVerdict.None"/> where there are none.</summary>
    public RunVerdict Verdict { get; init; } = RunVerdict.None;

    /// <summary>All findings.</summary>
    public IEnumerable<Diagnostic> AllDiagnostics => Diagnostics.Concat(Scenarios.SelectMany(scenario => scenario.Diagnostics));

    /// <summary>Whether every row was executed and can be trusted: what the exit code of a run hangs on.</summary>
    public bool IsSound =>
        Scenarios.Length > 0
        && Scenarios.All(scenario => scenario.State is RowState.Measured or RowState.Baseline or RowState.Unverified)
        && !AllDiagnostics.Any(finding => finding.Severity == Severity.Error);
}

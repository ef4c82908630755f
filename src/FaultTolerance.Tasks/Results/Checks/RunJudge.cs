using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks;

/// <summary>
/// Judges a run by the checks in its folder. A check passes only on evidence: what the artefacts do not tell is unknown, and a row that
/// cannot be trusted has nothing but unknown checks.
/// </summary>
public static class RunJudge
{
    // Without a fault these ask for nothing.
    private static readonly CheckKind[] OfFaults = [CheckKind.RecoveryAtMost, CheckKind.LatencyAgainstBefore];

    /// <summary>The run with its verdict.</summary>
    /// <exception cref="FaultMatrixException">FT0813 where the checks cannot be read.</exception>
    public static RunResult Judge(RunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var asked = CheckFile.Read(run.Folder);
        var rows = RunVerdict.None.Rows.ToBuilder();
        foreach (var row in run.Scenarios)
        {
            if (asked.TryGetValue(row.Name, out var checks) && !checks.IsDefaultOrEmpty)
            {
                rows[row.Name] = [.. checks.Where(check => row.Row.Failure != "none" || !OfFaults.Contains(check.Kind)).Select(check => Judge(run.Folder, row, check))];
            }
        }

        return run with { Verdict = new RunVerdict(rows.ToImmutable()) };
    }

    /// <summary>One check on one row.</summary>
    public static CheckResult Judge(string runFolder, ScenarioResult row, CheckSpec check)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(check);
        // An unhealthy generator is what makes a row invalid: that check must not hide behind its own effect.
        var untold = row.State is RowState.Failed or RowState.Unproven || (row.State == RowState.Invalid && check.Kind != CheckKind.GeneratorHealthy);
        var (outcome, evidence, artefact) = untold
            ? new Finding(CheckOutcome.Unknown, $"the row is {row.State.ToString().ToLowerInvariant()}{(row.Notes.IsEmpty ? "" : $": {row.Notes[0]}")}")
            : check.Kind switch
            {
                CheckKind.OutageAtMost => RequestChecks.Outage(row, check.AtMost!.Value),
                CheckKind.LostAtMost => RequestChecks.Lost(row, check.AtMost!.Value),
                CheckKind.SuccessAfterAtLeast => RequestChecks.SuccessAfter(row, check.AtLeast!.Value),
                CheckKind.RecoveryAtMost => RequestChecks.Recovery(row, check.Subject!, check.AtMost!.Value),
                CheckKind.LatencyAgainstBefore => RequestChecks.Latency(row, check.Subject!, check.AtMost!.Value),
                CheckKind.NoRestartElsewhere => TimelineChecks.NoRestartElsewhere(row),
                CheckKind.GeneratorHealthy => TimelineChecks.GeneratorHealthy(row),
                CheckKind.MetricInRange => FileChecks.Metric(row, check),
                _ => FileChecks.Log(row, check),
            };
        return new CheckResult(
            JsonName(check.Kind), Asked(check), outcome, evidence.ReplaceLineEndings(" "),
            artefact is null ? null : Path.GetRelativePath(runFolder, artefact).Replace('\\', '/')) { Weight = check.Weight };
    }

    /// <summary>What is asked, in words.</summary>
    public static string Asked(CheckSpec check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return check.Kind switch
        {
            CheckKind.OutageAtMost => $"outage at most {Number(check.AtMost)} s",
            CheckKind.LostAtMost => $"lost requests at most {Number(check.AtMost)}",
            CheckKind.SuccessAfterAtLeast => $"success after the fault at least {Number(100 * check.AtLeast)} %",
            CheckKind.RecoveryAtMost => $"{check.Subject} at most {Number(check.AtMost)} s",
            CheckKind.LatencyAgainstBefore => $"{check.Subject} after at most {Number(check.AtMost)} times that before",
            CheckKind.NoRestartElsewhere => "no restart elsewhere",
            CheckKind.GeneratorHealthy => "load generator healthy",
            CheckKind.LogContains => $"a log of {check.Service} contains '{check.Subject}'",
            CheckKind.LogContainsNot => $"no log of {check.Service} contains '{check.Subject}'",
            _ => $"{check.Subject} of {check.Service} {(check.AtLeast is { } least ? $"at least {Number(least)}" : "")}{(check is { AtLeast: not null, AtMost: not null } ? " and " : "")}{(check.AtMost is { } most ? $"at most {Number(most)}" : "")}",
        };
    }

    internal static string Number(double? value) => (value ?? double.NaN).ToString("0.####", CultureInfo.InvariantCulture);

    private static string JsonName(CheckKind kind) => char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..];
}

/// <summary>What a check came to, on what evidence, in which file.</summary>
internal readonly record struct Finding(CheckOutcome Outcome, string Evidence, string? Artefact = null)
{
    public static Finding Unknown(string why) => new(CheckOutcome.Unknown, why);

    public static Finding Of(bool holds, string evidence, string? artefact = null) => new(holds ? CheckOutcome.Pass : CheckOutcome.Fail, evidence, artefact);
}

using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks;

/// <summary>
/// Judges a run by the checks in its folder. A check passes only on evidence: what the artefacts do not tell is unknown, and a row that
/// cannot be trusted has nothing but unknown checks.
/// </summary>
internal static class RunJudge
{
    /// <summary>The run with its verdict.</summary>
    /// <param name="run">The run.</param>
    /// <param name="catalog">The checks that may be asked for; null for those that every run knows.</param>
    /// <exception cref="FaultMatrixException">FT0816 where the checks cannot be read.</exception>
    public static RunResult Judge(RunResult run, CheckCatalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        catalog ??= CheckCatalog.Default;
        var asked = CheckFile.Read(run.Folder, catalog);
        var rows = RunVerdict.None.Rows.ToBuilder();
        foreach (var row in run.Scenarios)
        {
            if (asked.TryGetValue(row.Name, out var checks) && !checks.IsDefaultOrEmpty)
            {
                // Without a fault some ask for nothing.
                rows[row.Name] =
                [
                    .. checks
                        .Where(check => !row.IsFaultFree || !Of(check, catalog).NeedsFault)
                        .Select(check => Judge(run.Folder, row, check, catalog)),
                ];
            }
        }

        return run with { Verdict = new RunVerdict(rows.ToImmutable()) };
    }

    /// <summary>One check on one row.</summary>
    /// <exception cref="FaultMatrixException">FT0816 where there is no check of that kind.</exception>
    public static CheckResult Judge(string runFolder, ScenarioResult row, CheckSpec check, CheckCatalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(check);
        var kind = Of(check, catalog ?? CheckCatalog.Default);
        var untold = row.State is RowState.Failed or RowState.Unproven || (row.State == RowState.Invalid && !kind.JudgesInvalidRows);
        var (outcome, evidence, artefact) = untold
            ? Finding.Unknown($"the row is {row.State.ToString().ToLowerInvariant()}{(row.Notes.IsEmpty ? "" : $": {row.Notes[0]}")}")
            : kind.Judge(row, check);
        return new CheckResult(
            check.Kind,
            kind.Asked(check),
            outcome,
            SecretText.Hide(ForeignText.Line(evidence)),
            artefact is null ? null : Path.GetRelativePath(runFolder, artefact).Replace('\\', '/')
        )
        {
            Weight = check.Weight,
            IsDefault = check.IsDefault,
        };
    }

    private static ICheck Of(CheckSpec check, CheckCatalog catalog) =>
        catalog.Find(check.Kind) ?? throw new FaultMatrixException(CheckFile.Unreadable, $"there is no check '{check.Kind}'");
}

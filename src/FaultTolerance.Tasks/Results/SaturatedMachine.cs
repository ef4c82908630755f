using System.Globalization;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Results.Statistics;

namespace FaultTolerance.Results;

/// <summary>
/// Rows that were measured while their machine had no processor left. They are sound by their own limits, and their times are longer
/// than they would be alone: the run says in which rows, and how late they were.
/// </summary>
internal static class SaturatedMachine
{
    /// <summary>Least share of the processors' time that is used where there is nothing left.</summary>
    public const double Busy = 0.9;

    /// <summary>Least share of the time in which some thread waits for a processor where there is nothing left.</summary>
    public const double Waited = 0.5;

    /// <summary>FT0835, a warning, where the machine was saturated in some row; else nothing.</summary>
    public static IEnumerable<Diagnostic> Check(IReadOnlyCollection<ScenarioResult> rows)
    {
        GeneratorCheck[] told = [.. rows.Select(row => row.Generator).OfType<GeneratorCheck>()
            .Where(generator => generator["machineBusy"] is not null && generator["machineWaited"] is not null)];
        GeneratorCheck[] saturated = [.. told.Where(IsSaturated)];
        GeneratorCheck[] others = [.. told.Where(generator => !IsSaturated(generator))];
        if (saturated.Length == 0)
        {
            yield break;
        }

        var (busy, waited) = (Median(saturated, "machineBusy"), Median(saturated, "machineWaited"));
        var text = string.Create(CultureInfo.InvariantCulture,
            $"the machine was saturated in {saturated.Length} of {told.Length} row{(told.Length > 1 ? "s" : "")}: its processors were used to {busy:0 %} and some "
            + $"thread waited for one in {waited:0 %} of the time (medians). What was due there came late: ")
            + Late(saturated) + (others.Length > 0 ? $", in the other rows {Late(others)}" : "")
            + $". Times of {(saturated.Length > 1 ? "these rows" : "this row")} are as much too long; "
            + (told.Length > 1 ? "run fewer rows at a time (--parallelism)" : "ask for less, or take a machine with more processors");
        yield return new Diagnostic(ParseCodes.Saturated, Severity.Warning, text);
    }

    private static bool IsSaturated(GeneratorCheck generator) => generator["machineBusy"] >= Busy && generator["machineWaited"] >= Waited;

    // The row's own clients, and the work of the process that they live in.
    private static string Late(GeneratorCheck[] rows) => string.Create(CultureInfo.InvariantCulture,
        $"requests {1000 * Median(rows, "sendLagP99"):0.0} ms, work for a thread {1000 * Median(rows, "poolDelayP99"):0.0} ms (p99)");

    private static double Median(GeneratorCheck[] rows, string key) => Bootstrap.Median([.. rows.Select(row => row[key] ?? 0)]);
}

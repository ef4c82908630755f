using FaultTolerance.Results;
using FaultTolerance.Results.Measures;

namespace FaultTolerance.Reports;

/// <summary>The columns of a row's numbers before, during and after its fault in <c>summary.csv</c>; the whole load's are measures.</summary>
internal static class NumbersCsv
{
    private static readonly string[] Parts = ["before", "during", "after"];

    /// <summary>The columns: <c>ttft_p99_before_seconds</c>.</summary>
    public static IEnumerable<(string Name, Func<RunResult, ScenarioResult, object?> Value)> Columns =>
        from part in Parts
        from number in NumbersMeasures.OfPart
        select ($"{number.Id}_{part}{(number.Unit == MeasureUnit.Seconds ? "_seconds" : "")}", Cell(part, number.Value));

    private static Func<RunResult, ScenarioResult, object?> Cell(string name, Func<Results.Numbers.PhaseNumbers, double?> value) =>
        (_, row) => row.Numbers?.Parts.First(part => part.Name == name).Part is { } part ? value(part) : null;
}

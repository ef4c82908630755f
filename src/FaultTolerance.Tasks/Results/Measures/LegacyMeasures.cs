using System.Collections.Immutable;
using FaultTolerance.Results.Legacy;

namespace FaultTolerance.Results.Measures;

/// <summary>A column of the reference suite, by its rules and in its form: every number has two decimals.</summary>
/// <param name="Id">Name in CSV and JSON.</param>
/// <param name="Header">Header in a table.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Legend">What it is.</param>
/// <param name="Column">Takes it from the suite's row.</param>
internal sealed record LegacyMeasure(string Id, string Header, MeasureUnit Unit, string Legend, Func<LegacyRow, double?> Column)
    : RowMeasure(Id, Header, Header.Replace('\n', ' '), Unit, Legend, row => Column(row.Row))
{
    /// <summary>Whether it is only there where a latency limit was given.</summary>
    public bool NeedsLimit { get; init; }
}

/// <summary>The reference suite's columns, in its order.</summary>
internal static class LegacyMeasures
{
    /// <summary>All of them, in the order of their columns.</summary>
    public static ImmutableArray<LegacyMeasure> All { get; } =
    [
        new("startup", "Startup", MeasureUnit.Seconds, "from the graph’s creation to ready", row => row.Startup),
        new("success_before", "Success\nBefore", MeasureUnit.Requests, "attempts that succeeded and ended no later than the fault", row =>
            row.SuccessBefore
        ),
        new("failed_before", "Failed\nBefore", MeasureUnit.Requests, "the other attempts of that side", row => row.FailedBefore),
        new("success_after", "Success\nAfter", MeasureUnit.Requests, "attempts that succeeded and ended after the fault", row =>
            row.SuccessAfter
        ),
        new("failed_after", "Failed\nAfter", MeasureUnit.Requests, "the other attempts of that side", row => row.FailedAfter),
        new("latency_before", "Latency\nBefore", MeasureUnit.Seconds, "mean time of successful attempts before the fault", row =>
            row.LatencyBefore
        ),
        new("latency_after", "Latency\nAfter", MeasureUnit.Seconds, "mean time of successful attempts after the fault", row =>
            row.LatencyAfter
        ),
        new("violations_before", "Violations\nBefore", MeasureUnit.Requests, "successful attempts before the fault over the limit", row =>
            row.ViolationsBefore
        )
        {
            NeedsLimit = true,
        },
        new("violations_after", "Violations\nAfter", MeasureUnit.Requests, "successful attempts after the fault over the limit", row =>
            row.ViolationsAfter
        )
        {
            NeedsLimit = true,
        },
        new("recovery", "Recovery", MeasureUnit.Seconds, "from the fault to the last ready text in any pod’s log", row => row.Recovery),
    ];
}
